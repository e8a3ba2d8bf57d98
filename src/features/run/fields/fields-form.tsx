import { useState } from 'react';
import type { FieldKind } from '#src/domain/fields/fields-of.ts';
import { SIZE_STEP } from '#src/domain/fields/shapes.ts';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { FieldInput } from './field-input.tsx';
import type { FormField, OnSet } from './form-fields.ts';
import { SizeField } from './size-field.tsx';

type FieldsFormProps = {
  fields: readonly FormField[];
  /** Keys of the fields that are shown at once, in this order; null = those that people look for. */
  chosen?: readonly string[] | null;
  onSet: OnSet;
};

const FEW = 40;
const SEARCHED_FROM = 10;

export const isUsual = ({ kind }: { kind: FieldKind }): boolean => kind !== 'other' && kind !== 'model';
const isShort = ({ kind, value }: FormField): boolean =>
  typeof value !== 'string' && typeof value !== 'boolean' && kind !== 'other';

type Row = { readonly width: FormField; readonly height: FormField } | FormField;

/** Width and height of one node as one row, where its width would be. */
function rowsOf(fields: readonly FormField[]): Row[] {
  const heightOf = ({ nodeId }: FormField) =>
    fields.find((field) => field.kind === 'height' && field.nodeId === nodeId);
  const paired = new Set(fields.flatMap((field) => (field.kind === 'width' ? (heightOf(field)?.key ?? []) : [])));
  return fields
    .filter(({ key }) => !paired.has(key))
    .map((field) => {
      const height = field.kind === 'width' ? heightOf(field) : undefined;
      return height ? { width: field, height } : field;
    });
}

/** The values of a workflow that a person may change: some at once, all others behind "All settings". */
export function FieldsForm({ fields, chosen = null, onSet }: FieldsFormProps) {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const first = chosen === null ? fields.filter(isUsual) : chosen.flatMap((key) => byKey.get(key) ?? []);
  const shown = new Set(first.map(({ key }) => key));
  const others = fields.filter(({ key }) => !shown.has(key));
  const rows = rowsOf(first);
  const films = new Set(fields.flatMap(({ kind, nodeId }) => (kind === 'frames' ? nodeId : [])));
  const stepOf = ({ nodeId }: FormField): number => (films.has(nodeId) ? SIZE_STEP.film : SIZE_STEP.picture);
  return (
    <div className="flex flex-col gap-4">
      {rows.map((row) => {
        if ('width' in row) return <SizeField key={row.width.key} {...row} step={stepOf(row.width)} onSet={onSet} />;
        return isShort(row) ? null : <FieldInput key={row.key} field={row} onSet={onSet} />;
      })}
      <div className="grid grid-cols-2 gap-3 empty:hidden sm:grid-cols-4">
        {rows.map((row) =>
          !('width' in row) && isShort(row) ? <FieldInput key={row.key} field={row} onSet={onSet} /> : null,
        )}
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
      <summary className="py-1 font-semibold pointer-coarse:min-h-10 pointer-coarse:py-2.5">All settings</summary>
      {open && (
        <div className="flex flex-col gap-3 pt-3">
          {fields.length > SEARCHED_FROM && <SearchField label="Search settings" value={words} onChange={setWords} />}
          <div className="grid gap-3 sm:grid-cols-2">
            {found.slice(0, FEW).map((field) => (
              <FieldInput key={field.key} field={field} onSet={onSet} node={field.nodeTitle} />
            ))}
          </div>
          {found.length > FEW && <p className="text-quiet">{`And ${found.length - FEW} more. Search to find them.`}</p>}
          {found.length === 0 && <p className="text-quiet">No setting has this name.</p>}
        </div>
      )}
    </details>
  );
}
