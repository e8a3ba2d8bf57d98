import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CirclePause, CirclePlay, Pause, Play } from 'lucide-react';
import { Button } from '#src/ui/button.tsx';
import { notifyFailure } from '#src/ui/notify.ts';
import { StateWord } from '#src/ui/state-word.tsx';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';

/** Figures for the operator have no feed of their own yet. */
export const LOOK_AGAIN_MS = 3000;

export function QueuePanel() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const queue = useQuery(trpc.admin.queue.state.queryOptions(undefined, { refetchInterval: LOOK_AGAIN_MS }));
  const outcome = {
    onSettled: () => queryClient.invalidateQueries(trpc.admin.queue.state.queryFilter()),
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
    },
  };
  const pause = useMutation(trpc.admin.queue.pause.mutationOptions(outcome));
  const resume = useMutation(trpc.admin.queue.resume.mutationOptions(outcome));
  const busy = pause.isPending || resume.isPending;

  return (
    <section aria-labelledby="queue" className="flex flex-col gap-3">
      <h2 id="queue" className="text-15 font-semibold">
        Queue
      </h2>
      {queue.isError && <p role="alert">{failureOf(queue.error).sentence}</p>}
      {queue.data && (
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
          {queue.data.dispatch === 'running' ? (
            <StateWord icon={CirclePlay} look="text-done">
              Sending jobs to GPUs
            </StateWord>
          ) : (
            <StateWord icon={CirclePause} look="text-accent">
              Paused: nothing is sent to GPUs
            </StateWord>
          )}
          <Figure name="Waiting" value={queue.data.waiting} />
          <Figure name="On GPUs" value={queue.data.inFlight} />
          {queue.data.intake === 'paused' && <span>New jobs are turned away.</span>}
          {queue.data.dispatch === 'running' ? (
            <Button icon={Pause} disabled={busy} onClick={() => pause.mutate()}>
              Pause the queue
            </Button>
          ) : (
            <Button tone="accent" icon={Play} disabled={busy} onClick={() => resume.mutate()}>
              Resume the queue
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <span className="text-quiet">
      {name} <b className="font-semibold text-text tabular-nums">{value}</b>
    </span>
  );
}
