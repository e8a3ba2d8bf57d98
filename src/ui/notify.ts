type Action = { readonly label: string; readonly onClick: () => void };

/** A message that goes away by itself after six seconds. Its library is only loaded when there is something to say. */
export function notify(words: string, action?: Action): void {
  void import('sonner').then(({ toast }) => toast(words, { action }));
}

export function notifyFailure(words: string): void {
  void import('sonner').then(({ toast }) => toast.error(words));
}
