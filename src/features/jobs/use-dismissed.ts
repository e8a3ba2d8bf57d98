import { useEffect, useRef } from 'react';
import { useStored } from '#src/ui/browser/use-stored.ts';

/** More than the lists under "Now" have. */
const MAX_KEPT = 200;

/** The jobs that are not shown under "Now" any more, in this browser: dismissed, or faded out. The list of all jobs has them. */
export function useDismissed() {
  const [stored, setStored] = useStored('comfyume.dismissed-jobs', '');
  // A message with Undo outlives the render that it is from: what is dismissed meanwhile stays dismissed.
  const latest = useRef(stored);
  useEffect(() => {
    latest.current = stored;
  }, [stored]);
  const write = (ids: readonly string[]): void => {
    latest.current = ids.slice(0, MAX_KEPT).join(' ');
    setStored(latest.current);
  };
  return {
    ids: stored.split(' '),
    hide: (ids: readonly string[]): void =>
      write([...ids, ...latest.current.split(' ').filter((id) => !ids.includes(id))]),
    show: (ids: readonly string[]): void => write(latest.current.split(' ').filter((id) => !ids.includes(id))),
  };
}
