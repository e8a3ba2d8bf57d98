import { useEffect, useState } from 'react';

/** True when the pointer has not moved, and no key was pressed, for `ms`. */
export function useIdle(ms: number): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const stir = (): void => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), ms);
    };
    stir();
    const stirring = ['pointermove', 'pointerdown', 'keydown', 'focusin'];
    for (const name of stirring) window.addEventListener(name, stir);
    return () => {
      clearTimeout(timer);
      for (const name of stirring) window.removeEventListener(name, stir);
    };
  }, [ms]);
  return idle;
}
