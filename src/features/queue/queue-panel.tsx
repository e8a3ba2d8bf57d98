import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleArrowDown, CirclePause, CirclePlay } from 'lucide-react';
import { Button } from '#src/ui/buttons/button.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { leftWords, possibleSteps, type QueueState, type QueueStep, queueWords, stepWords } from './queue-words.ts';

/** Estimates change with time alone. */
export const REFRESH_MS = 10_000;

const AFTER: Record<QueueStep, Partial<QueueState>> = {
  resume: { intake: 'open', dispatch: 'running' },
  pause: { dispatch: 'paused' },
  close: { intake: 'paused', dispatch: 'paused' },
  drain: { intake: 'paused', dispatch: 'running' },
};

/** The state of the queue and its actions, updated optimistically. */
export function useQueue() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const queryKey = trpc.admin.queue.state.queryKey();
  const queue = useQuery(trpc.admin.queue.state.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const outcome = {
    onSuccess: (state: NonNullable<typeof queue.data>) => queryClient.setQueryData(queryKey, state),
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
      void queryClient.invalidateQueries({ queryKey });
    },
  };
  const pause = useMutation(trpc.admin.queue.pause.mutationOptions(outcome));
  const drain = useMutation(trpc.admin.queue.drain.mutationOptions(outcome));
  const resume = useMutation(trpc.admin.queue.resume.mutationOptions(outcome));
  const calls: Record<QueueStep, () => void> = {
    resume: () => resume.mutate(),
    pause: () => pause.mutate({}),
    close: () => pause.mutate({ intake: true }),
    drain: () => drain.mutate(),
  };
  return {
    state: queue.data,
    error: queue.error,
    isBusy: pause.isPending || drain.isPending || resume.isPending,
    take: (step: QueueStep): void => {
      queryClient.setQueryData(queryKey, (state) => state && { ...state, ...AFTER[step] });
      calls[step]();
    },
  };
}

export function QueuePanel() {
  const { state, error, isBusy, take } = useQueue();
  return (
    <section aria-label="State of the queue" className="flex min-h-36 flex-col gap-3">
      {error && <p role="alert">{failureOf(error).sentence}</p>}
      {state && (
        <>
          <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
            <Now state={state} />
            <Figure name="Queued" value={state.waiting} />
            <Figure name="On GPUs" value={state.inFlight} />
            {(state.intake === 'paused' || state.dispatch === 'paused') && (
              <Left words={leftWords(state, state.inFlight, state.left)} isLast={state.intake === 'paused'} />
            )}
          </div>
          <ul
            aria-label="Actions"
            className="grid items-center gap-x-3 gap-y-4 sm:grid-cols-[max-content_1fr] sm:gap-y-2"
          >
            {possibleSteps(state).map((step) => {
              const { name, does } = stepWords(step, state);
              return (
                <li key={step} className="grid gap-y-1 sm:col-span-2 sm:grid-cols-subgrid sm:items-center">
                  <Button tone={step === 'resume' ? 'accent' : 'plain'} disabled={isBusy} onClick={() => take(step)}>
                    {name}
                  </Button>
                  <span className="text-quiet">{does}</span>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </section>
  );
}

/** Before a break: the jobs that still have to end. */
function Left({ words, isLast }: { words: string | null; isLast: boolean }) {
  if (words === null)
    return isLast ? <span className="text-done">The queue is empty: you can start the break.</span> : null;
  return <span className="text-quiet tabular-nums">Left: {words}</span>;
}

function Now({ state }: { state: QueueState }) {
  const { sent, taken } = queueWords(state);
  const [icon, iconClass] =
    state.dispatch === 'paused'
      ? ([CirclePause, 'text-accent'] as const)
      : state.intake === 'paused'
        ? ([CircleArrowDown, 'text-accent'] as const)
        : ([CirclePlay, 'text-done'] as const);
  return (
    <span role="status" className="inline-flex flex-wrap items-center gap-x-2">
      <StatusLabel icon={icon} iconClass={iconClass}>
        {sent}
      </StatusLabel>
      {taken !== '' && <span className="text-quiet">{taken}</span>}
    </span>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <span className="text-quiet">
      {name} <b className="font-semibold text-text tabular-nums">{value}</b>
    </span>
  );
}
