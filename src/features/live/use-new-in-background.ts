import { useCallback, useEffect, useState } from 'react';

/** Whether something has arrived while this tab was hidden, and a callback to report it. */
export function useNewInBackground(): [isNew: boolean, note: () => void] {
  const [isNew, setIsNew] = useState(false);
  useEffect(() => {
    const onVisibilityChange = (): void => {
      if (document.visibilityState === 'visible') setIsNew(false);
    };
    document.addEventListener('visibilitychange', onVisibilityChange);
    return () => document.removeEventListener('visibilitychange', onVisibilityChange);
  }, []);
  const note = useCallback(() => {
    if (document.visibilityState !== 'visible') setIsNew(true);
  }, []);
  return [isNew, note];
}
