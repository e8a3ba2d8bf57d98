import { FilePlus2 } from 'lucide-react';
import { useState } from 'react';
import { fieldWord } from '#src/domain/fields/field-words.ts';
import { buttonClass } from '#src/ui/buttons/button.tsx';
import { sendInput } from '../send-input.ts';
import type { FormField } from './use-fields.ts';

const ACCEPT = { image: 'image/*', video: 'video/*', audio: 'audio/*' } as const;

/** A picture, film or sound that the workflow uses, with a button to add another one. */
export function FileField({ field, onSet }: { field: FormField; onSet: (name: string) => void }) {
  const [state, setState] = useState<'ready' | 'adding' | { readonly why: string }>('ready');
  const add = async (file: File): Promise<void> => {
    setState('adding');
    try {
      onSet(await sendInput(file, file.name));
      setState('ready');
    } catch (error) {
      setState({ why: error instanceof Error ? error.message : String(error) });
    }
  };
  const accept = field.media === null ? 'image/*,video/*,audio/*' : ACCEPT[field.media];
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="text-13 font-semibold">{field.label}</legend>
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="min-w-0 wrap-anywhere">
          {state === 'adding' ? 'Adding…' : field.typed || 'No file is chosen.'}
        </span>
        <label
          className={buttonClass(
            'plain',
            'cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent',
          )}
        >
          <FilePlus2 size={16} aria-hidden />
          Choose another {fieldWord(field).toLowerCase()}
          <input
            type="file"
            accept={accept}
            className="sr-only"
            onChange={(event) => {
              const chosen = event.target.files?.[0];
              event.target.value = '';
              if (chosen) void add(chosen);
            }}
          />
        </label>
      </div>
      {typeof state === 'object' && (
        <p role="alert" className="text-failed">
          {state.why}
        </p>
      )}
    </fieldset>
  );
}
