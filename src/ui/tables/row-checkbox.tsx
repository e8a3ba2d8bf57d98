import type { ComponentProps } from 'react';

/** Selects a row of a table; its touch target is larger than the box. */
export function RowCheckbox({ label, ...rest }: { label: string } & ComponentProps<'input'>) {
  return (
    <label className="-mx-2 flex size-8 items-center justify-center pointer-coarse:size-10">
      <input type="checkbox" aria-label={label} className="size-4 accent-accent" {...rest} />
    </label>
  );
}
