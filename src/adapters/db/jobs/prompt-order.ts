import type { NewJob } from '#src/ports/jobs.ts';
import type { Transaction } from '../connection.ts';

/** Prompts of one person are created one after another, also within a millisecond: their numbers rise. */
export async function withRisingTimes<Job extends NewJob>(tx: Transaction, jobs: readonly Job[]): Promise<Job[]> {
  const userIds = [...new Set(jobs.flatMap(({ comfyui, userId }) => (comfyui ? [userId] : [])))];
  if (userIds.length === 0) return [...jobs];
  const rows = await tx.job.groupBy({ by: ['userId'], where: { userId: { in: userIds } }, _max: { createdAt: true } });
  const newest = new Map(rows.map(({ userId, _max }) => [userId, _max.createdAt?.getTime() ?? 0]));
  return jobs.map((job) => {
    if (!job.comfyui) return job;
    const now = Math.max(job.now, (newest.get(job.userId) ?? 0) + 1);
    newest.set(job.userId, now);
    return { ...job, now };
  });
}

/** Puts a new job before its owner's waiting ones. They share the places that they have: nobody else waits longer for it. */
export async function putFirst(tx: Transaction, { id, userId }: Pick<NewJob, 'id' | 'userId'>): Promise<void> {
  const waiting = await tx.job.findMany({
    where: { userId, status: 'queued', warmUp: false },
    orderBy: [{ queuedAt: 'asc' }, { id: 'asc' }],
    select: { id: true, queuedAt: true },
  });
  const others = waiting.filter((row) => row.id !== id);
  let last = 0;
  for (const [index, row] of [{ id }, ...others].entries()) {
    last = Math.max(waiting[index]?.queuedAt.getTime() ?? 0, last + 1);
    await tx.job.update({ where: { id: row.id }, data: { queuedAt: new Date(last) } });
  }
}
