'use client';

import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { isTRPCClientError } from '@trpc/client';
import { useEffect } from 'react';
import { createLogSender, stackOf, wordsOf } from '#src/domain/client-logs/log-sender.ts';
import { failureOf } from '../api-client/failure.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { useTRPCClient } from '../api-client/trpc.ts';

/** An unreachable server is no error of this tab, and rejections are shown to the person. */
const isFault = (error: unknown): boolean => failureOf(error).code === 'internal' || !isTRPCClientError(error);

const callOf = (key: QueryKey | undefined): string => [key?.[0]].flat().join('.');

/** Sends errors of this tab to the operators, so that nobody has to lean over a shoulder. */
export function LogReporter() {
  const client = useTRPCClient();
  const queryClient = useQueryClient();

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const sender = createLogSender({
      send: (entries) => client.clientLogs.push.mutate({ source: 'comfyume', browser: navigator.userAgent, entries }),
      failureOf,
      isReady: () => true,
      later(task, ms) {
        if (!ended) timer = setTimeout(task, ms);
      },
      now: () => onServerClock(Date.now()),
    });
    const add = (message: string, stack: string | null): void =>
      sender.add({ level: 'error', message, stack, page: window.location.pathname });

    const onError = ({ message, error, filename, lineno }: ErrorEvent): void =>
      add(message, stackOf([error]) ?? `${filename}:${lineno}`);
    const onRejection = ({ reason }: PromiseRejectionEvent): void => add(wordsOf(reason), stackOf([reason]));
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
      add(parts.map(wordsOf).join(' '), stackOf(parts));
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
