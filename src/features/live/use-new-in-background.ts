import { useCallback, useEffect, useState } from 'react';

/** Whether something has come since the person last looked at this tab, and the way to say that something has. */
export function useNewInBackground(): [isNew: boolean, note: () => void] {
  const [isNew, setIsNew] = useState(false);
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') setIsNew(false);
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  const note = useCallback(() => {
    if (document.visibilityState !== 'visible') setIsNew(true);
  }, []);
  return [isNew, note];
}
