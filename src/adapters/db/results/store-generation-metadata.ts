import type { GenerationMetadata } from '#src/domain/workflow/generation-parameters.ts';
import type { Transaction } from '../connection.ts';

/** With their words in the full-text table, under the same ids. A trigger deletes the words with the row. */
export async function storeGenerationMetadata(
  tx: Transaction,
  { jobId, userId, title }: { jobId: string; userId: string; title: string },
  generations: readonly GenerationMetadata[],
): Promise<void> {
  if (generations.length === 0) return;
  const rows = await tx.generationMetadata.createManyAndReturn({
    data: generations.map(({ nodeId, model, seed }) => ({
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
  const loras = generations.flatMap(({ nodeId, loras }) =>
    loras.map((name) => ({ metadataId: idOf.get(nodeId)!, name })),
  );
  if (loras.length > 0) await tx.generationLora.createMany({ data: loras });
  const words = JSON.stringify(generations.map(({ nodeId, words }) => [idOf.get(nodeId), `${title}\n${words}`]));
  await tx.$executeRaw`INSERT INTO "GenerationWords" (rowid, words) SELECT value ->> 0, value ->> 1 FROM json_each(${words})`;
}

export async function removeGenerationMetadata(tx: Transaction, jobId: string): Promise<void> {
  await tx.generationMetadata.deleteMany({ where: { jobId } });
}
