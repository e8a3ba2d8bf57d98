import type { LogLevel } from '#src/domain/client-logs/browser-log.ts';
import { createLogSender, stackOf, wordsOf } from '#src/domain/client-logs/log-sender.ts';
import { failureOf, type Server } from './server.ts';

/** Tells the operator what goes wrong on this page: errors, warnings, what nobody caught and requests that failed. */
export function reportTrouble(server: Server) {
  const sender = createLogSender({
    send: (entries) => server.api.clientLogs.push.mutate({ source: 'comfyui', browser: navigator.userAgent, entries }),
    failureOf,
    isReady: () => server.standing().is === 'here',
    later: setTimeout,
    now: server.now,
  });
  const add = (level: LogLevel, message: string, stack: string | null): void =>
    sender.add({ level, message, stack, page: window.location.pathname });

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
