import { Search } from 'lucide-react';

type SearchFieldProps = { label: string; value: string; onChange: (text: string) => void };

/** A search field in a row of filters. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <label className="relative min-w-40 grow sm:max-w-72">
      <span className="sr-only">{label}</span>
      <Search size={16} aria-hidden className="pointer-events-none absolute inset-y-0 left-2 my-auto text-quiet" />
      <input
        type="search"
        placeholder={label}
        maxLength={100}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-full rounded border border-edge bg-field pr-2 pl-8 text-13 text-text pointer-coarse:h-10"
      />
    </label>
  );
}
