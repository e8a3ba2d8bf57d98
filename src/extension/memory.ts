import { isRecord } from '#src/domain/workflow/graph.ts';
import { texts } from './json.ts';
import type { Hidden } from './panels.ts';

const PREFIX = 'comfyume.';

/** What is kept in this browser. A browser that keeps nothing (private windows, full storage) only forgets. */
export function recall(store: 'localStorage' | 'sessionStorage', name: string): unknown {
  try {
    const text = window[store].getItem(PREFIX + name);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether it was kept. */
export function remember(store: 'localStorage' | 'sessionStorage', name: string, value: unknown): boolean {
  try {
    window[store].setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

const MAX_HIDDEN = 500;

export function openHidden(): Hidden {
  const kept = recall('localStorage', 'hidden');
  const known = isRecord(kept) ? kept : {};
  let before = typeof known.before === 'number' ? known.before : 0;
  let ids = texts(known.ids);
  const save = () => void remember('localStorage', 'hidden', { before, ids });
  return {
    has: (id, createdAt) => createdAt <= before || ids.includes(id),
    add(more) {
      ids = [...ids, ...more].slice(-MAX_HIDDEN);
      save();
    },
    all(now) {
      before = now;
      ids = [];
      save();
    },
  };
}
