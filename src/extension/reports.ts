import { browserName, type LogLevel } from '#src/domain/browser-log.ts';
import { createLogQueue } from '#src/domain/log-queue.ts';
import { failureOf, type Server } from './server.ts';

const SEND_MS = 5000;
const LONGEST_WAIT_MS = 120_000;

const wordsOf = (value: unknown): string => {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
};
const stackOf = (values: readonly unknown[]): string | null =>
  values.find((value) => value instanceof Error)?.stack ?? null;

/** Every browser says it now and then, and nothing follows from it. */
const NOISE = /^ResizeObserver loop/;

/**
 * Tells the operator what goes wrong on this page: errors, warnings, what nobody caught and requests that failed. A report that fails is never reported
 * itself, and while the server is away or nobody is signed in, all waits.
 */
export function reportTrouble(server: Server) {
  const queue = createLogQueue();
  let isPlanned = false;
  let wait = SEND_MS;

  async function send(): Promise<void> {
    isPlanned = false;
    const entries = server.standing().is === 'here' ? queue.take() : [];
    if (entries.length === 0) {
      plan();
      return;
    }
    try {
      await server.api.clientLogs.push.mutate({
        source: 'comfyui',
        browser: browserName(navigator.userAgent),
        entries,
      });
      wait = SEND_MS;
    } catch (error) {
      const { code } = failureOf(error);
      if (code === 'not_signed_in' || code === 'invalid_input') return;
      queue.giveBack(entries);
      wait = Math.min(LONGEST_WAIT_MS, 2 * wait);
    }
    plan();
  }
  function plan(): void {
    if (isPlanned || queue.size() === 0) return;
    isPlanned = true;
    setTimeout(send, wait);
  }
  function add(level: LogLevel, message: string, stack: string | null): void {
    if (NOISE.test(message)) return;
    queue.add({ level, message, stack, page: window.location.pathname }, server.now());
    plan();
  }

  window.addEventListener('error', ({ message, error, filename, lineno }) =>
    add('error', message, stackOf([error]) ?? `${filename}:${lineno}`),
  );
  window.addEventListener('unhandledrejection', ({ reason }) => add('error', wordsOf(reason), stackOf([reason])));
  for (const [name, level] of [
    ['error', 'error'],
    ['warn', 'warning'],
  ] as const) {
    const said = console[name];
    console[name] = (...parts: unknown[]) => {
      said(...parts);
      add(level, parts.map(wordsOf).join(' '), stackOf(parts));
    };
  }
  return {
    /** A request of the front end to ComfyUI's own server that failed. */
    request: (method: string, route: string, outcome: string) => add('warning', `${method} ${route}: ${outcome}`, null),
  };
}
