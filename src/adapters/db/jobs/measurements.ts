import type { Measured, Measurements } from '#src/ports/statistics.ts';
import type { Database } from '../connection.ts';

const SELECT = {
  id: true,
  endpointId: true,
  fingerprint: true,
  sentAt: true,
  answeredAt: true,
  startedAt: true,
  wholeAt: true,
  endedAt: true,
} as const;

type Row = {
  id: string;
  endpointId: string;
  fingerprint: string | null;
  sentAt: Date;
  answeredAt: Date | null;
  startedAt: Date | null;
  wholeAt: Date | null;
  endedAt: Date | null;
};

const measured = (rows: readonly Row[]): Measured[] =>
  rows.flatMap(({ sentAt, answeredAt, startedAt, wholeAt, endedAt, ...row }) =>
    startedAt === null
      ? []
      : [
          {
            ...row,
            sentAt: sentAt.getTime(),
            answeredAt: answeredAt?.getTime() ?? null,
            startedAt: startedAt.getTime(),
            wholeAt: wholeAt?.getTime() ?? null,
            endedAt: endedAt?.getTime() ?? null,
          },
        ],
  );

/** Each read goes along an index and takes no plans with it. */
export function createMeasurements(db: Database): Measurements {
  const newest = async (where: { endpointId: string; fingerprint?: string }, take: number): Promise<Measured[]> =>
    measured(
      await db.attempt.findMany({
        where: { ...where, startedAt: { not: null }, endedAt: { not: null } },
        orderBy: { sentAt: 'desc' },
        take,
        select: SELECT,
      }),
    );
  return {
    recent: (endpointId, limit) => newest({ endpointId }, limit),
    like: (endpointId, fingerprint, limit) => newest({ endpointId, fingerprint }, limit),
    async ended(since) {
      const rows = await db.attempt.findMany({
        where: { endedAt: { gte: new Date(since) } },
        orderBy: { endedAt: 'asc' },
        select: SELECT,
      });
      return measured(rows);
    },
    async flying() {
      const rows = await db.attempt.findMany({
        where: { endedAt: null },
        select: {
          endpointId: true,
          fingerprint: true,
          sentAt: true,
          startedAt: true,
          job: { select: { userId: true } },
        },
      });
      return rows.map(({ job, sentAt, startedAt, ...row }) => ({
        ...row,
        userId: job.userId,
        sentAt: sentAt.getTime(),
        startedAt: startedAt?.getTime() ?? null,
      }));
    },
    async waiting() {
      const rows = await db.job.findMany({ where: { status: 'queued' }, select: { id: true, fingerprint: true } });
      return new Map(rows.map(({ id, fingerprint }) => [id, fingerprint]));
    },
  };
}
