import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { join } from '../join.ts';

const BOX =
  'w-full rounded border border-edge bg-field min-h-9.5 px-3 py-1.5 text-15 text-text pointer-coarse:min-h-10 aria-invalid:border-failed';

type Shared = { label: string; hint?: ReactNode; error?: string | null };

type Control = { id: string; 'aria-invalid': boolean; 'aria-describedby': string };

function Labelled({ label, hint, error, children }: Shared & { children: (control: Control) => ReactNode }) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-13 font-semibold">
        {label}
      </label>
      {children({ id, 'aria-invalid': Boolean(error), 'aria-describedby': note })}
      <div id={note} aria-live="polite" className="empty:hidden">
        {error ? <p className="text-failed">{error}</p> : hint && <p className="text-quiet">{hint}</p>}
      </div>
    </div>
  );
}

export function TextField({ label, hint, error, className, ...rest }: Shared & ComponentProps<'input'>) {
  return (
    <Labelled label={label} hint={hint} error={error ?? null}>
      {(control) => <input {...control} className={join(BOX, className)} {...rest} />}
    </Labelled>
  );
}

export function TextArea({ label, hint, error, className, ...rest }: Shared & ComponentProps<'textarea'>) {
  return (
    <Labelled label={label} hint={hint} error={error ?? null}>
      {(control) => <textarea {...control} className={join(BOX, 'min-h-20 resize-y', className)} {...rest} />}
    </Labelled>
  );
}

export function SelectField({ label, hint, error, className, ...rest }: Shared & ComponentProps<'select'>) {
  return (
    <Labelled label={label} hint={hint} error={error ?? null}>
      {(control) => (
        <div className="relative">
          <select {...control} className={join(BOX, 'appearance-none pr-9', className)} {...rest} />
          <ChevronDown
            size={16}
            aria-hidden
            className="pointer-events-none absolute inset-y-0 right-3 my-auto text-quiet"
          />
        </div>
      )}
    </Labelled>
  );
}

export function CheckField({ label, hint, className, ...rest }: Omit<Shared, 'error'> & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div>
      <label className="flex items-center gap-2 font-semibold has-disabled:text-quiet pointer-coarse:min-h-10">
        <input
          type="checkbox"
          aria-describedby={id}
          className={join('size-4 shrink-0 accent-accent', className)}
          {...rest}
        />
        {label}
      </label>
      <p id={id} className="pl-6 text-quiet empty:hidden">
        {hint}
      </p>
    </div>
  );
}
