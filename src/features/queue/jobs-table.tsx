import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { HardDrive } from 'lucide-react';
import { useState } from 'react';
import type { AppRouter } from '#src/api/router.ts';
import { clock, counted } from '#src/domain/measures.ts';
import { isHeldUp, phaseName } from '#src/domain/phase-words.ts';
import { Button } from '#src/ui/button.tsx';
import { notifyFailure } from '#src/ui/notify.ts';
import { StateWord } from '#src/ui/state-word.tsx';
import { Cell, Table } from '#src/ui/table.tsx';
import { useNow } from '#src/ui/use-now.ts';
import { failureOf } from '../server/failure.ts';
import { onServerClock } from '../server/server-clock.ts';
import { useTRPC } from '../server/trpc.ts';
import { LOOK_AGAIN_MS } from './queue-panel.tsx';

const COLUMNS = [
  { name: 'Owner' },
  { name: 'Title' },
  { name: 'Phase' },
  { name: 'For', figures: true },
  { name: 'Position', figures: true },
  { name: 'Tries', figures: true },
  { name: 'Priority' },
  { name: 'Actions', hidden: true },
];

type Row = inferRouterOutputs<AppRouter>['admin']['queue']['jobs'][number];

/** Everybody's jobs that are alive. */
export function JobsTable() {
  const trpc = useTRPC();
  const jobs = useQuery(trpc.admin.queue.jobs.queryOptions(undefined, { refetchInterval: LOOK_AGAIN_MS }));
  const heldUp = jobs.data?.filter(isHeldUp).length ?? 0;

  return (
    <section aria-labelledby="jobs" className="flex flex-col gap-3">
      <h2 id="jobs" className="text-15 font-semibold">
        Everybody’s jobs
      </h2>
      {jobs.isError && <p role="alert">{failureOf(jobs.error).sentence}</p>}
      {heldUp > 0 && (
        <p role="alert">
          <StateWord icon={HardDrive} look="text-failed">
            {`There is no room for results: ${counted(heldUp, 'job waits', 'jobs wait')}. Make room on this server’s disk; they go on by themselves.`}
          </StateWord>
        </p>
      )}
      {jobs.data?.length === 0 && <p className="text-quiet">Nobody has a job in line or on a GPU.</p>}
      {jobs.data && jobs.data.length > 0 && (
        <Table label="Everybody’s jobs" columns={COLUMNS}>
          {jobs.data.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </Table>
      )}
    </section>
  );
}

function JobRow({ job }: { job: Row }) {
  const now = onServerClock(useNow());
  const title = job.title || 'Untitled';
  return (
    <tr aria-label={title}>
      <Cell>{job.owner}</Cell>
      <Cell>
        <span title={title} className="block max-w-60 truncate">
          {title}
        </span>
      </Cell>
      <Cell>{phaseName(job)}</Cell>
      <Cell figures>{clock(now - Date.parse(job.phaseSince))}</Cell>
      <Cell figures>{job.position}</Cell>
      <Cell figures>{job.attempts}</Cell>
      <Cell>{job.priority > 0 ? 'Front' : 'Normal'}</Cell>
      <Cell figures>
        <Actions job={job} name={`${title} of ${job.owner}`} />
      </Cell>
    </tr>
  );
}

/** Before everything that nobody moved. */
const FRONT = 9;

function Actions({ job, name }: { job: Row; name: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [sure, setSure] = useState(false);
  const outcome = {
    onSettled: () => queryClient.invalidateQueries(trpc.admin.queue.pathFilter()),
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
    },
  };
  const prioritise = useMutation(trpc.admin.queue.prioritise.mutationOptions(outcome));
  const cancel = useMutation(trpc.jobs.cancel.mutationOptions(outcome));
  const busy = cancel.isPending || cancel.isSuccess;

  if (sure)
    return (
      <>
        <Button tone="quiet" onClick={() => setSure(false)}>
          Keep
        </Button>
        <Button tone="quiet" autoFocus disabled={busy} onClick={() => cancel.mutate({ id: job.id })}>
          Cancel for good
        </Button>
      </>
    );
  return (
    <>
      {job.status === 'queued' && (
        <Button
          tone="quiet"
          disabled={prioritise.isPending}
          aria-label={job.priority > 0 ? `Back to normal: ${name}` : `Move to the front: ${name}`}
          onClick={() => prioritise.mutate({ id: job.id, priority: job.priority > 0 ? 0 : FRONT })}
        >
          {job.priority > 0 ? 'Back to normal' : 'Move to the front'}
        </Button>
      )}
      <Button tone="quiet" aria-label={`Cancel ${name}`} onClick={() => setSure(true)}>
        Cancel
      </Button>
    </>
  );
}
