import { Dices } from 'lucide-react';
import { useState } from 'react';
import type { FieldKind } from '#src/domain/fields/fields-of.ts';
import { IconButton } from '#src/ui/buttons/button.tsx';
import { CheckField, TextArea, TextField } from '#src/ui/forms/field.tsx';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { randomSeed } from '../samples.ts';
import { FileField } from './file-field.tsx';
import type { FormField } from './use-fields.ts';

type OnSet = (key: string, value: string | boolean) => void;
type FieldsFormProps = {
  fields: readonly FormField[];
  /** Keys of the fields that are shown at once, in this order; null = those that people look for. */
  chosen?: readonly string[] | null;
  onSet: OnSet;
};

const FEW = 40;
const isUsual = ({ kind }: { kind: FieldKind }): boolean => kind !== 'other' && kind !== 'model';
const isShort = ({ kind, value }: FormField): boolean =>
  typeof value !== 'string' && typeof value !== 'boolean' && kind !== 'other';

/** The values of a workflow that a person may change: some at once, all others behind "All settings". */
export function FieldsForm({ fields, chosen = null, onSet }: FieldsFormProps) {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const first = chosen === null ? fields.filter(isUsual) : chosen.flatMap((key) => byKey.get(key) ?? []);
  const shown = new Set(first.map(({ key }) => key));
  const others = fields.filter(({ key }) => !shown.has(key));
  return (
    <div className="flex flex-col gap-4">
      {first
        .filter((field) => !isShort(field))
        .map((field) => (
          <FieldInput key={field.key} field={field} onSet={onSet} />
        ))}
      <div className="grid grid-cols-2 gap-3 empty:hidden sm:grid-cols-3">
        {first.filter(isShort).map((field) => (
          <FieldInput key={field.key} field={field} onSet={onSet} />
        ))}
      </div>
      {others.length > 0 && <OtherFields fields={others} onSet={onSet} />}
    </div>
  );
}

function OtherFields({ fields, onSet }: { fields: readonly FormField[]; onSet: OnSet }) {
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const found = fields.filter(({ label, nodeTitle }) => `${label} ${nodeTitle}`.toLowerCase().includes(wanted));
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="font-semibold pointer-coarse:min-h-10">All settings</summary>
      {open && (
        <div className="flex flex-col gap-3 pt-3">
          {fields.length > FEW / 4 && <SearchField label="Search settings" value={words} onChange={setWords} />}
          <div className="grid gap-3 sm:grid-cols-2">
            {found.slice(0, FEW).map((field) => (
              <FieldInput key={field.key} field={field} onSet={onSet} hint={field.nodeTitle} />
            ))}
          </div>
          {found.length > FEW && <p className="text-quiet">{`And ${found.length - FEW} more. Search to find them.`}</p>}
          {found.length === 0 && <p className="text-quiet">No setting has this name.</p>}
        </div>
      )}
    </details>
  );
}

function FieldInput({ field, onSet, hint }: { field: FormField; onSet: OnSet; hint?: string }) {
  const { key, label, kind, typed, why } = field;
  if (typeof typed === 'boolean')
    return (
      <CheckField
        label={label}
        hint={hint}
        checked={typed}
        onChange={({ currentTarget }) => onSet(key, currentTarget.checked)}
      />
    );
  const shared = { label, hint, error: why, value: typed };
  switch (kind) {
    case 'file':
      return <FileField field={field} onSet={(name) => onSet(key, name)} />;
    case 'prompt':
    case 'negative':
      return (
        <TextArea
          {...shared}
          rows={kind === 'prompt' ? 3 : 2}
          onChange={({ currentTarget }) => onSet(key, currentTarget.value)}
        />
      );
    case 'seed':
      return (
        <div className="flex items-end gap-1">
          <div className="min-w-0 grow">
            <TextField
              {...shared}
              inputMode="numeric"
              onChange={({ currentTarget }) => onSet(key, currentTarget.value)}
            />
          </div>
          <IconButton
            icon={Dices}
            label={`New ${label.toLowerCase()}`}
            onClick={() => onSet(key, String(randomSeed()))}
          />
        </div>
      );
    case 'width':
    case 'height':
    case 'frames':
    case 'count':
    case 'steps':
    case 'cfg':
    case 'model':
    case 'other':
      return (
        <TextField
          {...shared}
          {...(typeof field.value !== 'string' && { inputMode: 'decimal' })}
          onChange={({ currentTarget }) => onSet(key, currentTarget.value)}
        />
      );
  }
}
