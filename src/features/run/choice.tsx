import { useId } from 'react';

type ChoiceProps = { name: string; title: string; detail: string; checked: boolean; onChoose: () => void };

/** One of several, as a card. */
export function Choice({ name, title, detail, checked, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <label className="flex cursor-pointer gap-3 rounded border border-line p-3 transition-colors hover:bg-raised has-checked:border-accent has-focus-visible:outline-2 has-focus-visible:outline-accent">
      <input
        type="radio"
        name={name}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-detail`}
        checked={checked}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
      />
      <span>
        <span id={`${id}-title`} className="block font-semibold">
          {title}
        </span>
        <span id={`${id}-detail`} className="block text-quiet">
          {detail}
        </span>
      </span>
    </label>
  );
}
