import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleArrowDown, CirclePause, CirclePlay } from 'lucide-react';
import { Button } from '#src/ui/button.tsx';
import { notifyFailure } from '#src/ui/notify.ts';
import { StateWord } from '#src/ui/state-word.tsx';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import { possibleSteps, type QueueState, type QueueStep, queueWords, stepWords } from './queue-words.ts';

/** Figures for the operator have no feed of their own yet. */
export const LOOK_AGAIN_MS = 3000;

export function QueuePanel() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const queue = useQuery(trpc.admin.queue.state.queryOptions(undefined, { refetchInterval: LOOK_AGAIN_MS }));
  const outcome = {
    onSuccess: (state: NonNullable<typeof queue.data>) =>
      queryClient.setQueryData(trpc.admin.queue.state.queryKey(), state),
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
    },
  };
  const pause = useMutation(trpc.admin.queue.pause.mutationOptions(outcome));
  const drain = useMutation(trpc.admin.queue.drain.mutationOptions(outcome));
  const resume = useMutation(trpc.admin.queue.resume.mutationOptions(outcome));
  const steps: Record<QueueStep, () => void> = {
    resume: () => resume.mutate(),
    pause: () => pause.mutate({}),
    close: () => pause.mutate({ intake: true }),
    drain: () => drain.mutate(),
  };
  const state = queue.data;

  return (
    <section aria-labelledby="queue" className="flex flex-col gap-3">
      <h2 id="queue" className="text-15 font-semibold">
        Queue
      </h2>
      {queue.isError && <p role="alert">{failureOf(queue.error).sentence}</p>}
      {state && (
        <>
          <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
            <Now state={state} />
            <Figure name="Waiting" value={state.waiting} />
            <Figure name="On GPUs" value={state.inFlight} />
          </div>
          <ul
            aria-label="What you can do"
            className="grid items-center gap-x-3 gap-y-4 sm:grid-cols-[max-content_1fr] sm:gap-y-2"
          >
            {possibleSteps(state).map((step) => {
              const { name, does } = stepWords(step, state);
              return (
                <li key={step} className="grid gap-y-1 sm:col-span-2 sm:grid-cols-subgrid sm:items-center">
                  <Button
                    tone={step === 'resume' ? 'accent' : 'plain'}
                    disabled={pause.isPending || drain.isPending || resume.isPending}
                    onClick={steps[step]}
                  >
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

function Now({ state }: { state: QueueState }) {
  const { sent, taken } = queueWords(state);
  const [icon, look] =
    state.dispatch === 'paused'
      ? ([CirclePause, 'text-accent'] as const)
      : state.intake === 'paused'
        ? ([CircleArrowDown, 'text-accent'] as const)
        : ([CirclePlay, 'text-done'] as const);
  return (
    <span role="status" className="inline-flex flex-wrap items-center gap-x-2">
      <StateWord icon={icon} look={look}>
        {sent}
      </StateWord>
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
