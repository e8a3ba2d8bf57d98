import { heapify, pop, push, type QueueItem } from './heap.ts';
import { isObject, type Json, type JsonObject } from './python.ts';

export type HistoryResult = { outputs: JsonObject; meta: JsonObject };
export type HistoryStatus = { status_str: 'success' | 'error'; completed: boolean; messages: Json[] };

const historyLimit = 10_000;

export const secretKeys: ReadonlySet<string> = new Set(['auth_token_comfy_org', 'api_key_comfy_org']);

const forHistory = (item: QueueItem): Json => {
  const row = itemRow(item);
  const extra = isObject(item.extraData) ? { ...item.extraData } : item.extraData;
  if (isObject(extra)) for (const key of secretKeys) delete extra[key];
  row[3] = extra;
  return row;
};

const itemRow = (item: QueueItem): Json[] => [item.number, item.promptId, item.prompt, item.extraData, item.outputs];

/** Pending, running and past prompts of one process; all of it is gone with the process. */
export class PromptQueue {
  private heap: QueueItem[] = [];
  private current: QueueItem | null = null;
  private readonly past = new Map<string, JsonObject>();
  private notify: () => void = () => {};
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Raises if an entry with the same number and id is waiting, but the new one is in the queue afterwards. */
  put(item: QueueItem): void {
    push(this.heap, item);
    this.#changed();
    this.notify();
  }

  /** Takes the next prompt to run; null if none is waiting. */
  take(): QueueItem | null {
    const item = pop(this.heap);
    if (!item) return null;
    this.current = structuredClone(item);
    this.#changed();
    return item;
  }

  /** Resolves when an entry was added, or flags were set. */
  waitForWork(): Promise<void> {
    return new Promise((resolve) => {
      this.notify = resolve;
    });
  }

  nudge(): void {
    this.notify();
  }

  done(result: HistoryResult, status: HistoryStatus): void {
    const item = this.current;
    this.current = null;
    if (item) {
      const oldest = this.past.keys().next();
      if (this.past.size > historyLimit && !oldest.done) this.past.delete(oldest.value);
      this.past.set(item.promptId, { prompt: forHistory(item), outputs: result.outputs, status, meta: result.meta });
    }
    this.#changed();
  }

  running(): string | null {
    return this.current?.promptId ?? null;
  }

  pending(): string[] {
    return this.heap.map((item) => item.promptId);
  }

  remaining(): number {
    return this.heap.length + (this.current ? 1 : 0);
  }

  rows(): { queue_running: Json[]; queue_pending: Json[] } {
    return { queue_running: this.current ? [itemRow(this.current)] : [], queue_pending: this.heap.map(itemRow) };
  }

  clear(): void {
    this.heap = [];
    this.#changed();
  }

  /** Removes one entry with this id, even if there are several. */
  remove(promptId: Json): void {
    const index = this.heap.findIndex((item) => item.promptId === promptId);
    if (index < 0) return;
    this.heap.splice(index, 1);
    heapify(this.heap);
    this.#changed();
  }

  history(maxItems: number | null, offset: number): JsonObject {
    const start = offset < 0 && maxItems !== null ? this.past.size - maxItems : offset;
    const found: JsonObject = {};
    let index = 0;
    let taken = 0;
    for (const [id, entry] of this.past) {
      if (index >= start) {
        found[id] = entry;
        taken += 1;
        if (maxItems !== null && taken >= maxItems) break;
      }
      index += 1;
    }
    return found;
  }

  historyOf(promptId: string): JsonObject {
    const entry = this.past.get(promptId);
    return entry ? { [promptId]: entry } : {};
  }

  forget(promptId: Json): void {
    if (typeof promptId === 'string') this.past.delete(promptId);
  }

  forgetAll(): void {
    this.past.clear();
  }
}
