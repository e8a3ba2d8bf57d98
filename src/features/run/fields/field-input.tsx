import { Dices } from 'lucide-react';
import { IconButton } from '#src/ui/buttons/button.tsx';
import { CheckField, SelectField, TextArea, TextField } from '#src/ui/forms/field.tsx';
import { FileField } from './file-field.tsx';
import type { FormField, OnSet } from './form-fields.ts';

type FieldInputProps = {
  field: FormField;
  onSet: OnSet;
  /** Of which node it is, where that is not known from its name. */
  node?: string;
};

/** One value of a workflow, with the control that suits it. */
export function FieldInput({ field, onSet, node }: FieldInputProps) {
  const { key, label, kind, typed, why, limits } = field;
  const hint = field.hint ?? node;
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
  if (limits.choices !== null)
    return (
      <SelectField {...shared} onChange={({ currentTarget }) => onSet(key, currentTarget.value)}>
        {[...new Set([String(field.value), ...limits.choices])].map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </SelectField>
    );
  switch (kind) {
    case 'file':
      return <FileField field={field} onSet={(name) => onSet(key, name)} />;
    case 'prompt':
    case 'negative':
      return (
        <TextArea
          {...shared}
          rows={kind === 'prompt' ? 4 : 2}
          onChange={({ currentTarget }) => onSet(key, currentTarget.value)}
        />
      );
    case 'seed':
      return (
        <div className="flex items-start gap-1">
          <div className="min-w-0 grow">
            <TextField
              {...shared}
              placeholder="Random"
              inputMode="numeric"
              autoComplete="off"
              onChange={({ currentTarget }) => onSet(key, currentTarget.value)}
            />
          </div>
          {typed !== '' && (
            <IconButton
              icon={Dices}
              label={`${label}: random in each run`}
              className="mt-7"
              onClick={() => onSet(key, '')}
            />
          )}
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
          autoComplete="off"
          {...(typeof field.value !== 'string' && { inputMode: 'decimal' })}
          onChange={({ currentTarget }) => onSet(key, currentTarget.value)}
        />
      );
  }
}
