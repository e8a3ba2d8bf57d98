import { useId } from 'react';
import type { Sample } from './samples.ts';

type SampleCardProps = { sample: Sample; checked: boolean; onChoose: () => void };

/** One of the samples, with what it makes. */
export function SampleCard({ sample: { title, makes, picture }, checked, onChoose }: SampleCardProps) {
  const id = useId();
  return (
    <label className="flex cursor-pointer flex-col overflow-hidden rounded border border-line transition-colors hover:bg-raised has-checked:border-accent has-checked:bg-raised has-focus-visible:outline-2 has-focus-visible:outline-accent">
      {/* biome-ignore lint/performance/noImgElement: a small file of ours, in the size that it is shown in */}
      <img src={`/workflows/${picture}`} alt="" className="aspect-video w-full bg-page object-contain" />
      <span className="flex gap-2 p-2">
        <input
          type="radio"
          name="sample"
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-makes`}
          checked={checked}
          data-first={checked || undefined}
          onChange={onChoose}
          className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
        />
        <span className="min-w-0">
          <span id={`${id}-title`} className="block font-semibold">
            {title}
          </span>
          <span id={`${id}-makes`} className="block text-12 text-quiet">
            {makes}
          </span>
        </span>
      </span>
    </label>
  );
}
