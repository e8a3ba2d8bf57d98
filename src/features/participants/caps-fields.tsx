import { BOUNDS } from '#src/domain/settings/bounds.ts';
import { TextField } from '#src/ui/forms/field.tsx';

type Caps = { readonly waitingCap: number | null; readonly inFlightCap: number | null };

/** How many jobs one person may have queued and on GPUs; empty = the class setting. */
export function CapsFields({ waitingCap, inFlightCap }: Caps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label="Maximum queued jobs"
        name="waitingCap"
        type="number"
        inputMode="numeric"
        {...BOUNDS.waitingCap}
        defaultValue={waitingCap ?? ''}
        hint="Leave empty to use the general limit."
      />
      <TextField
        label="Maximum jobs on GPUs"
        name="inFlightCap"
        type="number"
        inputMode="numeric"
        {...BOUNDS.inFlightCap}
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
