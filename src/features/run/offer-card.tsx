import { Clapperboard } from 'lucide-react';
import { useId } from 'react';
import type { Offer } from './offers.ts';

type OfferCardProps = { offer: Offer; checked: boolean; onChoose: () => void };

/** One of the workflows that can be run, with what it makes. */
export function OfferCard({ offer: { name, makes, pictureUrl }, checked, onChoose }: OfferCardProps) {
  const id = useId();
  return (
    <label className="flex w-36 shrink-0 cursor-pointer flex-col overflow-hidden rounded border border-line transition-colors hover:bg-raised has-checked:border-accent has-checked:bg-raised has-focus-visible:outline-2 has-focus-visible:outline-accent sm:w-full sm:flex-row">
      <span className="flex aspect-video w-full shrink-0 items-center justify-center bg-page text-quiet sm:w-24 sm:self-stretch">
        {pictureUrl === null ? (
          <Clapperboard size={20} aria-hidden />
        ) : (
          // biome-ignore lint/performance/noImgElement: a small file of ours
          <img src={pictureUrl} alt="" className="size-full object-contain" />
        )}
      </span>
      <span className="flex min-w-0 grow gap-2 p-2">
        <span className="min-w-0 grow">
          <span id={`${id}-title`} className="block font-semibold wrap-anywhere">
            {name}
          </span>
          <span id={`${id}-makes`} className="block text-12 text-quiet">
            {makes}
          </span>
        </span>
        <input
          type="radio"
          name="workflow"
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-makes`}
          checked={checked}
          data-first={checked || undefined}
          onChange={({ currentTarget }) => {
            onChoose();
            currentTarget.closest('label')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
          }}
          className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
        />
      </span>
    </label>
  );
}
