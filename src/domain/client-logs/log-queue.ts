import { type BrowserLogEntry, type LogLevel, logGroup, MAX_ENTRIES, safeEntry } from './browser-log.ts';

/** Different messages that wait to be sent. */
const MAX_WAITING = 200;

export type SeenEntry = {
  readonly level: LogLevel;
  readonly message: string;
  readonly stack?: string | null;
  readonly page: string;
};

/** What waits in a browser to be told to the server: the same message once, with a count; of too many different ones the first are kept. */
export function createLogQueue() {
  const waiting = new Map<string, BrowserLogEntry>();
  const keyOf = ({ level, message, page }: Pick<BrowserLogEntry, 'level' | 'message' | 'page'>): string =>
    `${page} ${logGroup(level, message)}`;

  function put(entry: BrowserLogEntry): void {
    const key = keyOf(entry);
    const before = waiting.get(key);
    if (before) waiting.set(key, { ...before, count: before.count + entry.count });
    else if (waiting.size < MAX_WAITING) waiting.set(key, entry);
  }

  return {
    add(seen: SeenEntry, now: number): void {
      if (seen.message.trim() === '') return;
      put(safeEntry({ ...seen, at: new Date(now).toISOString(), count: 1 }));
    },
    /** The next ones to send, oldest first; they are out of the queue. */
    take(): BrowserLogEntry[] {
      const taken = [...waiting].slice(0, MAX_ENTRIES);
      for (const [key] of taken) waiting.delete(key);
      return taken.map(([, entry]) => entry);
    },
    /** They could not be sent: they wait again. */
    giveBack(entries: readonly BrowserLogEntry[]): void {
      const later = [...waiting.values()];
      waiting.clear();
      for (const entry of [...entries, ...later]) put(entry);
    },
    size: () => waiting.size,
  };
}
