import { useSearchParams } from 'next/navigation';
import { useRef } from 'react';
import { compareAddress, comparedIn } from './compare-address.ts';

/** The results that are compared. They are part of the address, so that back, reload and copied links work. */
export function useCompared() {
  const params = useSearchParams();
  const pushed = useRef(false);
  const here = (): URLSearchParams => new URLSearchParams(window.location.search);
  return {
    ids: comparedIn(params),
    open: (ids: readonly string[]): void => {
      pushed.current = true;
      window.history.pushState(null, '', compareAddress(ids, here()));
    },
    go: (ids: readonly string[]): void => window.history.replaceState(null, '', compareAddress(ids, here())),
    close: (): void => {
      if (pushed.current) window.history.back();
      else window.history.replaceState(null, '', compareAddress([], here()));
      pushed.current = false;
    },
  };
}
