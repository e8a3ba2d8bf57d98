import { vi } from 'vitest';
import { WebSocket } from 'ws';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

export function newStore(): Store {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => void kept.set(key, text) };
}

/** What a browser's tab has and Node has not. The stores last as long as the tab. `address` is the one in its address bar. */
export function newTab(address = 'http://comfy.test/', store: () => Store = newStore) {
  const location = new URL(address);
  const replaceState = (_state: unknown, _title: string, to: URL): void => {
    location.href = to.href;
  };
  const history = { state: null, replaceState };
  const stores = { localStorage: store(), sessionStorage: store() };
  const still = Object.assign(new EventTarget(), { matches: false });
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('window', Object.assign(new EventTarget(), { location, history, matchMedia: () => still, ...stores }));
  vi.stubGlobal('document', page);
  vi.stubGlobal('WebSocket', WebSocket);
  return {
    location,
    ...stores,
    /** Behind others, or in front again. */
    show(isShown: boolean): void {
      page.visibilityState = isShown ? 'visible' : 'hidden';
      page.dispatchEvent(new Event('visibilitychange'));
    },
    /** The person asks for less motion, or for as much as there is. */
    calm(isCalm: boolean): void {
      still.matches = isCalm;
      still.dispatchEvent(new Event('change'));
    },
  };
}
