import { useState } from 'react';
import * as z from 'zod/mini';
import { useStored } from '#src/ui/browser/use-stored.ts';
import type { Typed } from './fields/form-fields.ts';

const draft = z.record(z.string(), z.union([z.string(), z.boolean()]));
/** Of all of them together, a browser keeps a few million characters. */
const MAX_LENGTH = 100_000;

function read(text: string): Typed {
  try {
    return new Map(Object.entries(draft.parse(JSON.parse(text))));
  } catch {
    return new Map();
  }
}

/** What was typed into the form of a workflow, kept in this browser until it is cleared. */
export function useDraft(id: string) {
  const [text, setText] = useStored(`comfyume.form.${id}`, '{}');
  const [start] = useState(() => read(text));
  return {
    start,
    isEmpty: text === '{}',
    keep: (key: string, value: string | boolean): void => {
      const next = JSON.stringify({ ...Object.fromEntries(read(text)), [key]: value });
      if (next.length <= MAX_LENGTH) setText(next);
    },
    clear: (): void => setText('{}'),
  };
}
