import { useEffect, useEffectEvent } from 'react';

/** Elements that handle these keys themselves. */
const TYPING = 'input:not([type="range"], [type="checkbox"]), textarea, select, video, audio, [contenteditable="true"]';
const PRESSED_BY_SPACE = 'button, a, summary, input';

/** What a press does. Signs that need Shift are given as themselves. */
export function actOf(
  keys: Readonly<Record<string, () => void>>,
  event: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
): (() => void) | undefined {
  const key = event.key.toLowerCase();
  if (!event.shiftKey) return keys[key];
  return keys[`shift+${key}`] ?? (/^\p{L}$/u.test(key) ? undefined : keys[key]);
}

/**
 * Single keys for the whole page, by `event.key` in lower case; while Shift is held, letters are `shift+x`. Ignored while typing, with Ctrl, Alt or Cmd held, or while a dialog is
 * open that these keys do not belong to (`inDialog`: they belong to one that is open, until another opens above it). The object may be new at each render.
 */
export function useKeys(keys: Readonly<Record<string, () => void>>, options: { inDialog?: boolean } = {}): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target instanceof Element) {
      if (event.target.closest(TYPING)) return;
      if (event.key === ' ' && event.target.closest(PRESSED_BY_SPACE)) return;
    }
    if (document.querySelectorAll('[role="dialog"]').length > (options.inDialog ? 1 : 0)) return;
    const act = actOf(keys, event);
    if (!act) return;
    event.preventDefault();
    act();
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
