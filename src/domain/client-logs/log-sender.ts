import type { BrowserLogEntry } from './browser-log.ts';
import { createLogQueue, type SeenEntry } from './log-queue.ts';

export const SEND_MS = 5000;
export const MAX_WAIT_MS = 120_000;

/** Every browser says it now and then, and nothing follows from it. */
const NOISE = /^ResizeObserver loop/;

type Way = {
  readonly send: (entries: BrowserLogEntry[]) => Promise<unknown>;
  readonly failureOf: (error: unknown) => {
    readonly code: string | null;
    readonly retryAfterSeconds?: number | null;
  };
  /** Until it is, all waits. */
  readonly isReady: () => boolean;
  readonly later: (task: () => void, ms: number) => void;
  readonly now: () => number;
};

/** Tells the server what a browser saw: a while after it was seen, one batch after the other, and with growing pauses where that fails. A report that fails is never reported itself: that would not end. */
export function createLogSender({ send, failureOf, isReady, later, now }: Way) {
  const queue = createLogQueue();
  let isPlanned = false;
  let wait = SEND_MS;

  async function sendNext(): Promise<void> {
    const entries = isReady() ? queue.take() : [];
    if (entries.length > 0) {
      try {
        await send(entries);
        wait = SEND_MS;
      } catch (error) {
        const { code, retryAfterSeconds } = failureOf(error);
        const isInVain = code === 'not_signed_in' || code === 'invalid_input';
        if (!isInVain) {
          queue.giveBack(entries);
          wait = Math.min(MAX_WAIT_MS, Math.max(2 * wait, (retryAfterSeconds ?? 0) * 1000));
        }
      }
    }
    isPlanned = false;
    plan();
  }
  function plan(): void {
    if (isPlanned || queue.size() === 0) return;
    isPlanned = true;
    later(() => void sendNext(), wait);
  }

  return {
    add(seen: SeenEntry): void {
      if (NOISE.test(seen.message)) return;
      queue.add(seen, now());
      plan();
    },
  };
}

/** An error may say more of itself than its message: ComfyUI's names the nodes that were refused. */
function errorWords(error: Error): string {
  const own = `${error.name}: ${error.message}`;
  const said = String(error);
  const words = said.includes(error.message) ? said : [own, said].filter(Boolean).join(': ');
  if (error.cause === undefined) return words;
  return `${words} (cause: ${error.cause instanceof Error ? error.cause.message : wordsOf(error.cause)})`;
}

/** A value as a console would say it. */
export function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return value instanceof Error ? errorWords(value) : (JSON.stringify(value) ?? String(value));
  } catch {
    return value instanceof Error ? `${value.name}: ${value.message}` : String(value);
  }
}

export const stackOf = (values: readonly unknown[]): string | null =>
  values.find((value) => value instanceof Error)?.stack ?? null;
