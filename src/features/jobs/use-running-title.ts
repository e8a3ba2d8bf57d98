import { useEffect } from 'react';
import { useJobLists } from './jobs-cache.ts';

const NAME = 'comfyume';

/** The tab says how many jobs are on their way. */
export function useRunningTitle(): void {
  const running = useJobLists().alive.length;
  useEffect(() => {
    document.title = running > 0 ? `(${running}) ${NAME}` : NAME;
  }, [running]);
}
