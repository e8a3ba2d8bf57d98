import { useEffect, useEffectEvent, useState } from 'react';

const PAUSE_MS = 300;

/**
 * A field whose text takes effect when the typing rests. `said` is what is in effect; when it is changed from elsewhere the field follows.
 *
 * A press on a link counts as a rest: `tell` writes the address, and writing it a moment after the press would undo the navigation that has just begun.
 */
export function useTyped(said: string, tell: (text: string) => void): [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(said);
  const [known, setKnown] = useState(said);
  if (known !== said) {
    setKnown(said);
    if (text.trim() !== said) setText(said);
  }
  const rest = useEffectEvent(() => tell(text.trim()));
  useEffect(() => {
    if (text.trim() === said) return;
    const timer = setTimeout(() => rest(), PAUSE_MS);
    const pressed = ({ target }: MouseEvent): void => {
      if (!(target instanceof Element) || !target.closest('a')) return;
      clearTimeout(timer);
      rest();
    };
    window.addEventListener('click', pressed, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('click', pressed, { capture: true });
    };
  }, [text, said]);
  return [text, setText];
}
