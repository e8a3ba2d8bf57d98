import { useEffect } from 'react';
import { undoLast } from './undo-history.ts';

const TYPING = 'input:not([type="range"]), textarea, select, [contenteditable="true"]';

/** Ctrl+Z or Cmd+Z undoes what was done to results last; in a text field it is left to the field. */
export function useUndoKey(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      if (event.target instanceof Element && event.target.closest(TYPING)) return;
      event.preventDefault();
      undoLast();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
