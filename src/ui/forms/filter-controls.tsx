import { join } from '../join.ts';

const BOX = 'h-8 rounded border bg-panel px-2 text-13 pointer-coarse:h-10';
const boxClass = (set: boolean): string => join(BOX, set ? 'border-accent text-accent' : 'border-edge/60 text-text');

/** For pressed buttons; the hover background would reduce the accent's contrast. */
export const PRESSED = 'aria-pressed:border-accent aria-pressed:bg-panel aria-pressed:text-accent';

export type Option = { readonly value: string; readonly name: string };

type PickProps = {
  label: string;
  /** The label of no filter. */
  all: string;
  value: string | null;
  options: readonly Option[];
  onPick: (value: string | null) => void;
};

/** One of many, or all. */
export function Pick({ label, all, value, options, onPick }: PickProps) {
  const known = value === null || options.some((option) => option.value === value);
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onPick(event.target.value === '' ? null : event.target.value)}
      className={join(boxClass(value !== null), 'max-w-full sm:max-w-44')}
    >
      <option value="">{all}</option>
      {!known && value !== null && <option value={value}>{value}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </select>
  );
}

type DayFieldProps = { label: string; value: string | null; onPick: (day: string | null) => void };

export function DayField({ label, value, onPick }: DayFieldProps) {
  return (
    <label className="flex items-center gap-2 text-quiet">
      <span className="max-sm:w-12">{label}</span>
      <input
        type="date"
        value={value ?? ''}
        onChange={(event) => onPick(event.target.value === '' ? null : event.target.value)}
        className={join(boxClass(value !== null), 'max-sm:grow')}
      />
    </label>
  );
}
