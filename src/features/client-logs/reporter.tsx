'use client';

import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { isTRPCClientError } from '@trpc/client';
import { useEffect } from 'react';
import { browserName } from '#src/domain/browser-log.ts';
import { createLogQueue } from '#src/domain/log-queue.ts';
import { failureOf } from '../server/failure.ts';
import { onServerClock } from '../server/server-clock.ts';
import { useTRPCClient } from '../server/trpc.ts';

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

/** A server that is away is no fault of this tab, and a "no" with a reason is said to the person. */
const isFault = (error: unknown): boolean => failureOf(error).code === 'internal' || !isTRPCClientError(error);

const callOf = (key: QueryKey | undefined): string => [key?.[0]].flat().join('.');

/** Every browser says it now and then, and nothing follows from it. */
const NOISE = /^ResizeObserver loop/;

/** Tells the operator what goes wrong in this tab, so that nobody has to lean over a shoulder. */
export function Reporter() {
  const client = useTRPCClient();
  const queryClient = useQueryClient();

  useEffect(() => {
    const queue = createLogQueue();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = SEND_MS;
    let ended = false;

    async function send(): Promise<void> {
      timer = undefined;
      const entries = queue.take();
      if (entries.length === 0) return;
      try {
        await client.clientLogs.push.mutate({ source: 'comfyume', browser: browserName(navigator.userAgent), entries });
        wait = SEND_MS;
      } catch (error) {
        // A report that fails is not reported: that would never end.
        const { code, retryAfterSeconds } = failureOf(error);
        if (code === 'not_signed_in' || code === 'invalid_input') return;
        queue.giveBack(entries);
        wait = Math.min(LONGEST_WAIT_MS, Math.max(2 * wait, (retryAfterSeconds ?? 0) * 1000));
      }
      plan();
    }
    function plan(): void {
      if (!ended && queue.size() > 0) timer ??= setTimeout(() => void send(), wait);
    }
    function add(message: string, stack: string | null): void {
      if (NOISE.test(message)) return;
      queue.add({ level: 'error', message, stack, page: window.location.pathname }, onServerClock(Date.now()));
      plan();
    }

    const onError = (event: ErrorEvent): void =>
      add(
        event.message,
        event.error instanceof Error ? (event.error.stack ?? null) : `${event.filename}:${event.lineno}`,
      );
    const onRejection = ({ reason }: PromiseRejectionEvent): void =>
      add(wordsOf(reason), reason instanceof Error ? (reason.stack ?? null) : null);
    window.addEventListener('error', onError);
    window.addEventListener('unhandledrejection', onRejection);
    const addFailed = (key: QueryKey | undefined, error: unknown): void => {
      if (isFault(error)) add(`${callOf(key)}: ${wordsOf(error)}`, null);
    };
    const unlisten = [
      queryClient.getQueryCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error')
          addFailed(event.query.queryKey, event.action.error);
      }),
      queryClient.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error')
          addFailed(event.mutation.options.mutationKey, event.action.error);
      }),
    ];
    const said = console.error;
    console.error = (...parts: unknown[]) => {
      said(...parts);
      add(parts.map(wordsOf).join(' '), parts.find((part) => part instanceof Error)?.stack ?? null);
    };
    return () => {
      ended = true;
      clearTimeout(timer);
      window.removeEventListener('error', onError);
      window.removeEventListener('unhandledrejection', onRejection);
      for (const end of unlisten) end();
      console.error = said;
    };
  }, [client, queryClient]);
  return null;
}
