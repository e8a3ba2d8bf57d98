import { loadPart } from '../loading/load-part.ts';

type Action = { readonly label: string; readonly onClick: () => void };

/** A message that goes away by itself after six seconds; one with the same `id` takes its place. Its library is loaded with the first message. */
export function notify(words: string, action?: Action, id?: string): void {
  void loadPart(() => import('sonner')).then(({ toast }) => toast(words, { action, ...(id !== undefined && { id }) }));
}

export function notifyFailure(words: string): void {
  void loadPart(() => import('sonner')).then(({ toast }) => toast.error(words));
}
