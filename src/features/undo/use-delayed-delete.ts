import { useEffect, useRef, useState } from 'react';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';

/** As long as the message is shown. */
const UNDO_MS = 6000;

/** For what the server cannot restore: hidden at once, deleted when the time to undo is over or the page is left. */
export function useDelayedDelete(): {
  readonly gone: ReadonlySet<string>;
  take: (key: string, words: string, act: () => Promise<unknown>) => void;
} {
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const waiting = useRef(new Map<string, () => void>());

  const back = (key: string): void => setGone((before) => new Set([...before].filter((each) => each !== key)));

  function take(key: string, words: string, act: () => Promise<unknown>): void {
    setGone((before) => new Set(before).add(key));
    const run = (): void => {
      clearTimeout(timer);
      waiting.current.delete(key);
      act()
        .catch((error: unknown) => notifyFailure(failureOf(error).sentence))
        .finally(() => back(key));
    };
    const timer = setTimeout(run, UNDO_MS);
    waiting.current.set(key, run);
    notify(words, {
      label: 'Undo',
      onClick: () => {
        clearTimeout(timer);
        if (waiting.current.delete(key)) back(key);
      },
    });
  }

  useEffect(() => {
    const all = waiting.current;
    return () => {
      for (const run of [...all.values()]) run();
    };
  }, []);
  return { gone, take };
}
