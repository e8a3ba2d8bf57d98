import { TextField } from '#src/ui/field.tsx';

type Caps = { readonly waitingCap: number | null; readonly inFlightCap: number | null };

/** How many jobs somebody may have in line and on GPUs; empty = as for everybody. */
export function CapsFields({ waitingCap, inFlightCap }: Caps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label="Jobs in line, at most"
        name="waitingCap"
        type="number"
        inputMode="numeric"
        min={1}
        max={10_000}
        defaultValue={waitingCap ?? ''}
        hint="Empty: as for everybody."
      />
      <TextField
        label="Jobs on GPUs, at most"
        name="inFlightCap"
        type="number"
        inputMode="numeric"
        min={1}
        max={100}
        defaultValue={inFlightCap ?? ''}
        hint="Empty: as for everybody."
      />
    </div>
  );
}

const numberOf = (form: FormData, name: string): number | null => {
  const text = String(form.get(name) ?? '').trim();
  return text === '' ? null : Number(text);
};

export const capsOf = (form: FormData): Caps => ({
  waitingCap: numberOf(form, 'waitingCap'),
  inFlightCap: numberOf(form, 'inFlightCap'),
});
