import { TextField } from '#src/ui/field.tsx';

type Caps = { readonly waitingCap: number | null; readonly inFlightCap: number | null };

/** How many jobs somebody may have in the queue and on GPUs; empty = as for everybody. */
export function CapsFields({ waitingCap, inFlightCap }: Caps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label="Maximum queued jobs"
        name="waitingCap"
        type="number"
        inputMode="numeric"
        min={1}
        max={10_000}
        defaultValue={waitingCap ?? ''}
        hint="Leave empty to use the general limit."
      />
      <TextField
        label="Maximum jobs on GPUs"
        name="inFlightCap"
        type="number"
        inputMode="numeric"
        min={1}
        max={100}
        defaultValue={inFlightCap ?? ''}
        hint="Leave empty to use the general limit."
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
