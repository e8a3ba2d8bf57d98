import { z } from 'zod';
import { INPUT_KINDS } from '#src/domain/files/input-kinds.ts';
import { ALIVE } from '#src/domain/jobs/job.ts';
import type { InputUses } from '#src/ports/inputs.ts';
import type { Database } from '../connection.ts';

const inputKind = z.enum(INPUT_KINDS);
const ofAlive = { job: { status: { in: [...ALIVE] } } };

/** Which uploads jobs name. */
export function inputUses(db: Database): InputUses {
  return {
    async ofJob(jobId) {
      const rows = await db.jobInput.findMany({ where: { jobId } });
      return rows.map(({ inputId, name, file, kind }) => ({ inputId, name, file, kind: inputKind.parse(kind) }));
    },

    async uses(ids) {
      const count = async (where: object): Promise<Map<string, number>> => {
        const among = { inputId: { in: [...ids] }, ...where };
        const rows = await db.jobInput.groupBy({ by: ['inputId'], where: among, _count: true });
        return new Map(rows.map(({ inputId, _count }) => [inputId, _count]));
      };
      const [all, alive] = [await count({}), await count(ofAlive)];
      return new Map(ids.map((id) => [id, { jobs: all.get(id) ?? 0, alive: alive.get(id) ?? 0 }]));
    },

    async jobsThatTake(userId, kind, limit) {
      const rows = await db.job.findMany({
        where: { userId, warmUp: false, inputs: { some: { kind } } },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
        select: { id: true, title: true, fingerprint: true, createdAt: true },
      });
      return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.getTime() }));
    },

    async neededByAlive(files) {
      const rows = await db.jobInput.findMany({
        where: { file: { in: [...files] }, ...ofAlive },
        distinct: ['file'],
        select: { file: true },
      });
      return new Set(rows.map(({ file }) => file));
    },
  };
}
