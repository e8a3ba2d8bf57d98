import type { Bus, StoredEvent } from '#src/ports/events.ts';
import type { JobStore, NewJob } from '#src/ports/jobs.ts';
import { batched } from './batched.ts';
import type { Database } from './connection.ts';
import { toEvent, toJob } from './rows.ts';

/** New jobs, with their graphs and events. Those that come together share one commit. */
export function jobIntake(db: Database, bus: Bus): Pick<JobStore, 'add'> {
  async function addAll(batch: readonly NewJob[]) {
    const keyOf = (job: { userId: string; clientRequestId: string | null }) => `${job.userId} ${job.clientRequestId}`;
    const events: StoredEvent[] = [];
    const answers = await db.$transaction(async (tx) => {
      const repeatable = batch.filter((job) => job.clientRequestId !== null);
      const earlier =
        repeatable.length === 0
          ? []
          : await tx.job.findMany({
              where: { OR: repeatable.map(({ userId, clientRequestId }) => ({ userId, clientRequestId })) },
            });
      const known = new Map(earlier.map((row) => [keyOf(row), row.id]));
      const fresh: NewJob[] = [];
      const ids = batch.map((job) => {
        const repeated = job.clientRequestId === null ? undefined : known.get(keyOf(job));
        if (repeated !== undefined) return { id: repeated, isNew: false };
        if (job.clientRequestId !== null) known.set(keyOf(job), job.id);
        fresh.push(job);
        return { id: job.id, isNew: true };
      });
      const rows = new Map(earlier.map((row) => [row.id, row]));
      if (fresh.length > 0) {
        const made = await tx.job.createManyAndReturn({
          data: fresh.map(
            ({ id, userId, clientRequestId, title, likeness, workflowId, expectedFiles, warnings, warmsUp, now }) => ({
              id,
              userId,
              clientRequestId,
              title,
              status: 'queued',
              createdAt: new Date(now),
              queuedAt: new Date(now),
              likeness,
              workflowId: workflowId ?? null,
              expectedFiles,
              warnings: warnings && warnings.length > 0 ? JSON.stringify(warnings) : null,
              endpointId: warmsUp ?? null,
              warmUp: warmsUp !== undefined,
            }),
          ),
        });
        for (const row of made) rows.set(row.id, row);
        await tx.graph.createMany({
          data: fresh.map(({ id, prompt, workflow, extraData }) => ({
            jobId: id,
            prompt,
            workflow,
            extraData: extraData ?? null,
          })),
        });
        const stored = await tx.event.createManyAndReturn({
          data: fresh.map(({ id, userId, now }) => ({
            userId,
            type: 'job.updated',
            jobId: id,
            createdAt: new Date(now),
          })),
        });
        events.push(...stored.map(toEvent));
      }
      return ids.map(({ id, isNew }) => ({ job: toJob(rows.get(id)!), isNew }));
    });
    for (const event of events) bus.announce({ type: 'stored', event });
    for (const { job, isNew } of answers) {
      const { createdAt, startedAt, attemptCount } = job;
      if (isNew) bus.announce({ type: 'job.moved', to: 'queued', now: createdAt, createdAt, startedAt, attemptCount });
    }
    return answers;
  }

  return { add: batched(addAll) };
}
