import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ArrowDownToLine,
  CircleArrowDown,
  CirclePause,
  CirclePlay,
  CircleSlash,
  type LucideIcon,
  Pause,
  Play,
} from 'lucide-react';
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

const ICONS: Record<QueueStep, LucideIcon> = { resume: Play, pause: Pause, drain: ArrowDownToLine, close: CircleSlash };

export function QueuePanel() {
  const { state, error, isBusy, take } = useQueue();
  return (
    <section aria-label="State of the queue" className="flex min-h-12 flex-col gap-3">
      {error && <p role="alert">{failureOf(error).sentence}</p>}
      {state && (
        <div className="flex min-h-12 flex-wrap items-center gap-x-6 gap-y-2 rounded border border-line bg-panel px-3 py-1.5">
          <Figure name="Queued" value={state.waiting} />
          <Figure name="On GPUs" value={state.inFlight} />
          <Now state={state} />
          {(state.intake === 'paused' || state.dispatch === 'paused') && (
            <Left words={leftWords(state, state.inFlight, state.left)} isLast={state.intake === 'paused'} />
          )}
          <fieldset className="flex flex-wrap gap-2 sm:ml-auto">
            <legend className="sr-only">Actions on the queue</legend>
            {possibleSteps(state).map((step) => {
              const { name, does } = stepWords(step, state);
              return (
                <Button
                  key={step}
                  tone={step === 'resume' ? 'accent' : 'plain'}
                  icon={ICONS[step]}
                  title={does}
                  disabled={isBusy}
                  onClick={() => take(step)}
                >
                  {name}
                </Button>
              );
            })}
          </fieldset>
        </div>
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
