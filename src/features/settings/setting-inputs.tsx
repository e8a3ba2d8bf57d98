import { type ReactNode, useId, useState } from 'react';
import type { Settings } from '#src/domain/settings/settings.ts';
import { CheckField, SelectField, TextField } from '#src/ui/forms/field.tsx';
import { shownAmount, shownBounds } from './changed-settings.ts';
import { LastChange } from './last-change.tsx';
import type { Amount, Choice, Switch } from './setting-fields.ts';

export function Group({ name, children }: { name: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex w-full flex-col gap-3">
      <h2 id={id} className="text-15 font-semibold">
        {name}
      </h2>
      <div className="grid gap-x-6 gap-y-5 sm:grid-cols-2 lg:grid-cols-3">{children}</div>
    </section>
  );
}

export function Hint({ words, setting }: { words: string; setting: string }) {
  return (
    <>
      {words}
      <LastChange setting={setting} />
    </>
  );
}

export function Fields({ amounts, settings }: { amounts: readonly Amount[]; settings: Settings }) {
  return amounts.map((amount) => (
    <TextField
      key={amount.key}
      label={amount.unitWord === '' ? amount.label : `${amount.label} (${amount.unitWord})`}
      hint={<Hint words={amount.hint} setting={amount.key} />}
      name={amount.key}
      type="number"
      required
      {...shownBounds(amount)}
      step={amount.unit === 1 ? 1 : 'any'}
      defaultValue={shownAmount(amount, settings)}
      className="tabular-nums"
    />
  ));
}

export function Switches({ switches, settings }: { switches: readonly Switch[]; settings: Settings }) {
  return switches.map(({ key, label, hint }) => (
    <CheckField
      key={key}
      label={label}
      hint={<Hint words={hint} setting={key} />}
      name={key}
      defaultChecked={settings[key]}
    />
  ));
}

export function ChoiceOf({ choice: { key, label, hint, options }, settings }: { choice: Choice; settings: Settings }) {
  const [value, setValue] = useState<string>(settings[key]);
  const does = options.find((option) => option.value === value)?.does ?? hint;
  return (
    <SelectField
      label={label}
      hint={<Hint words={does} setting={key} />}
      name={key}
      value={value}
      onChange={(event) => setValue(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </SelectField>
  );
}
