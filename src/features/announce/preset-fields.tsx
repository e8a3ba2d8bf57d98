import { useState } from 'react';
import { fieldLabels } from '#src/domain/fields/field-words.ts';
import type { Field } from '#src/domain/fields/fields-of.ts';
import { fieldKey, isLimitable } from '#src/domain/fields/limits.ts';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { canHaveChoices, limitsFault, NO_LIMITS, type TypedLimits } from './preset-form.ts';

const FEW = 40;
const SMALL =
  'h-8 w-16 rounded border border-edge bg-field px-2 text-13 text-text tabular-nums aria-invalid:border-failed pointer-coarse:h-10';

type PresetFieldsProps = {
  fields: readonly Field[];
  shown: ReadonlySet<string>;
  limits: ReadonlyMap<string, TypedLimits>;
  onShow: (key: string, isShown: boolean) => void;
  onLimit: (key: string, limits: TypedLimits) => void;
};

/** Which fields the form shows at once, and within which limits. Those that are shown, or that people look for, come first. */
export function PresetFields({ fields, shown, limits, onShow, onLimit }: PresetFieldsProps) {
  const [words, setWords] = useState('');
  const [usual] = useState(() => new Set(shown));
  const labels = fieldLabels(fields);
  const rows = fields.map((field, at) => ({ field, key: fieldKey(field), label: labels[at] ?? field.input }));
  const wanted = words.trim().toLowerCase();
  const isFirst = ({ field, key }: (typeof rows)[number]): boolean =>
    usual.has(key) || (field.kind !== 'other' && field.kind !== 'model');
  const found = rows.filter((row) =>
    wanted === ''
      ? isFirst(row) || shown.has(row.key)
      : `${row.label} ${row.field.nodeTitle}`.toLowerCase().includes(wanted),
  );
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 text-13 font-semibold">Fields of the form</legend>
      {rows.some((row) => !isFirst(row)) && (
        <SearchField label="Find any setting, such as the model" value={words} onChange={setWords} />
      )}
      <ul className="flex flex-col border-t border-line">
        {found.slice(0, FEW).map(({ field, key, label }) => (
          <PresetRow
            key={key}
            field={field}
            label={label}
            isShown={shown.has(key)}
            limits={limits.get(key) ?? NO_LIMITS}
            onShow={(isShown) => onShow(key, isShown)}
            onLimit={(next) => onLimit(key, next)}
          />
        ))}
      </ul>
      {found.length > FEW && <p className="text-quiet">{`And ${found.length - FEW} more. Search to find them.`}</p>}
      {found.length === 0 && <p className="text-quiet">No setting has this name.</p>}
    </fieldset>
  );
}

type PresetRowProps = {
  field: Field;
  label: string;
  isShown: boolean;
  limits: TypedLimits;
  onShow: (isShown: boolean) => void;
  onLimit: (limits: TypedLimits) => void;
};

function PresetRow({ field, label, isShown, limits, onShow, onLimit }: PresetRowProps) {
  const why = isShown ? limitsFault(limits) : null;
  return (
    <li className="flex flex-col gap-2 border-b border-line py-1.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <label className="flex min-h-8 min-w-0 grow basis-60 items-center gap-2 pointer-coarse:min-h-10">
          <input
            type="checkbox"
            checked={isShown}
            onChange={({ currentTarget }) => onShow(currentTarget.checked)}
            className="size-4 shrink-0 accent-accent"
          />
          <span className="shrink-0">{label}</span>
          <span className="min-w-0 truncate text-quiet">{String(field.value)}</span>
        </label>
        {isShown && isLimitable(field) && (
          <span className="flex items-center gap-2 text-quiet max-sm:pl-6">
            {(['least', 'most'] as const).map((end) => (
              <label key={end} className="flex items-center gap-2">
                {end === 'least' ? 'from' : 'to'}
                <input
                  inputMode="decimal"
                  autoComplete="off"
                  aria-label={`${label}: ${end === 'least' ? 'at least' : 'at most'}`}
                  aria-invalid={why !== null}
                  placeholder="any"
                  value={limits[end]}
                  onChange={({ currentTarget }) => onLimit({ ...limits, [end]: currentTarget.value })}
                  className={SMALL}
                />
              </label>
            ))}
          </span>
        )}
      </div>
      {isShown && canHaveChoices(field) && (
        <label className="flex flex-col gap-1 pl-6 text-quiet">
          Choices, one in each line. Empty: any text.
          <textarea
            aria-label={`${label}: choices`}
            rows={2}
            value={limits.choices}
            onChange={({ currentTarget }) => onLimit({ ...limits, choices: currentTarget.value })}
            className="w-full rounded border border-edge bg-field px-2 py-1 text-13 text-text"
          />
        </label>
      )}
      {why !== null && (
        <p role="alert" className="pl-6 text-failed">
          {why}
        </p>
      )}
    </li>
  );
}
