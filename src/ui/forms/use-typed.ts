import { useEffect, useEffectEvent, useState } from 'react';

const PAUSE_MS = 300;

/**
 * A field whose text takes effect when typing pauses. `applied` is the text in effect; when it changes elsewhere, the field follows.
 *
 * A press on a link applies it at once: `apply` changes the address, and doing so a moment after the press would cancel the navigation.
 */
export function useTypedText(
  applied: string,
  apply: (text: string) => void,
): [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(applied);
  const [known, setKnown] = useState(applied);
  if (known !== applied) {
    setKnown(applied);
    if (text.trim() !== applied) setText(applied);
  }
  const applyNow = useEffectEvent(() => apply(text.trim()));
  useEffect(() => {
    if (text.trim() === applied) return;
    const timer = setTimeout(() => applyNow(), PAUSE_MS);
    const pressed = ({ target }: MouseEvent): void => {
      if (!(target instanceof Element) || !target.closest('a')) return;
      clearTimeout(timer);
      applyNow();
    };
    window.addEventListener('click', pressed, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('click', pressed, { capture: true });
    };
  }, [text, applied]);
  return [text, setText];
}
