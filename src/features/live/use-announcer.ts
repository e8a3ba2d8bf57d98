import { useCallback, useEffect, useRef, useState } from 'react';
import { counted } from '#src/domain/measures.ts';

const PAUSE_MS = 5000;

/** Turns arrivals into a sentence for screen readers, at most one in five seconds. */
export function useAnnouncer(): { announcement: string; announce: (arrived: number) => void } {
  const [announcement, setAnnouncement] = useState('');
  const waiting = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const say = useCallback(() => {
    if (waiting.current === 0) {
      timer.current = undefined;
      setAnnouncement('');
      return;
    }
    setAnnouncement(waiting.current === 1 ? 'Result arrived' : `${counted(waiting.current, 'result')} arrived`);
    waiting.current = 0;
    timer.current = setTimeout(say, PAUSE_MS);
  }, []);

  const announce = useCallback(
    (arrived: number) => {
      waiting.current += arrived;
      if (timer.current === undefined && arrived > 0) say();
    },
    [say],
  );

  useEffect(() => () => clearTimeout(timer.current), []);
  return { announcement, announce };
}
