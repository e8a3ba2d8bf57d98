import type { Making } from '#src/domain/workflow/generation-parameters.ts';
import type { Transaction } from '../connection.ts';

/** With their words in the full-text table, under the same ids. A trigger deletes the words with the row. */
export async function storeMakings(
  tx: Transaction,
  { jobId, userId, title }: { jobId: string; userId: string; title: string },
  makings: readonly Making[],
): Promise<void> {
  if (makings.length === 0) return;
  const rows = await tx.making.createManyAndReturn({
    data: makings.map(({ nodeId, model, seed }) => ({
      jobId,
      nodeId,
      userId,
      title,
      model,
      seed: seed === null ? null : String(seed),
    })),
    select: { id: true, nodeId: true },
  });
  const idOf = new Map(rows.map(({ id, nodeId }) => [nodeId, id]));
  const loras = makings.flatMap(({ nodeId, loras }) => loras.map((name) => ({ makingId: idOf.get(nodeId)!, name })));
  if (loras.length > 0) await tx.makingLora.createMany({ data: loras });
  const words = JSON.stringify(makings.map(({ nodeId, words }) => [idOf.get(nodeId), `${title}\n${words}`]));
  await tx.$executeRaw`INSERT INTO "MakingWords" (rowid, words) SELECT value ->> 0, value ->> 1 FROM json_each(${words})`;
}

export async function forgetMakings(tx: Transaction, jobId: string): Promise<void> {
  await tx.making.deleteMany({ where: { jobId } });
}
