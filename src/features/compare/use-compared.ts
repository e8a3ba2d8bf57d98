import { useRef } from 'react';
import { changeAddress, useAddressQuery } from '#src/ui/browser/address.ts';
import { compareAddress, comparedIn } from './compare-address.ts';

/** The results that are compared. They are part of the address, so that back, reload and copied links work. */
export function useCompared() {
  const params = useAddressQuery();
  const pushed = useRef(false);
  const here = (): URLSearchParams => new URLSearchParams(window.location.search);
  return {
    ids: comparedIn(params),
    open: (ids: readonly string[]): void => {
      pushed.current = true;
      changeAddress(compareAddress(ids, here()), 'push');
    },
    go: (ids: readonly string[]): void => changeAddress(compareAddress(ids, here()), 'replace'),
    close: (): void => {
      if (pushed.current) window.history.back();
      else changeAddress(compareAddress([], here()), 'replace');
      pushed.current = false;
    },
  };
}
