import { useEffect, useEffectEvent, useState } from 'react';
import { DRAGGED_RESULT } from '../results/files/dragged-result.ts';

/** Takes files dropped anywhere on the page; true while they are held over it. `first`: before other listeners, which then receive nothing. */
export function useFileDrop(onFiles: (files: readonly File[]) => void, first = false): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFiles);

  useEffect(() => {
    // A result that is dragged out of this page looks like a file over it.
    const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
      Boolean(dataTransfer?.types.includes('Files') && !dataTransfer.types.includes(DRAGGED_RESULT));
    const drag = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (first) event.stopImmediatePropagation();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (first) event.stopImmediatePropagation();
      setOver(false);
      take([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener('dragover', drag, first);
    window.addEventListener('dragleave', leave, first);
    window.addEventListener('drop', drop, first);
    return () => {
      window.removeEventListener('dragover', drag, first);
      window.removeEventListener('dragleave', leave, first);
      window.removeEventListener('drop', drop, first);
    };
  }, [first]);
  return over;
}
