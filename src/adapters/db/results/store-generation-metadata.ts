import { z } from 'zod';
import { termsOf } from '#src/domain/search/search-words.ts';
import type { GenerationMetadata } from '#src/domain/workflow/generation-parameters.ts';
import type { Transaction } from '../connection.ts';

const inserted = z.array(z.object({ id: z.coerce.number(), nodeId: z.string() }));

/** With their words in the full-text table, under the same ids. A trigger deletes the words with the row. */
export async function storeGenerationMetadata(
  tx: Transaction,
  { jobId, userId, title }: { jobId: string; userId: string; title: string },
  generations: readonly GenerationMetadata[],
): Promise<void> {
  if (generations.length === 0) return;
  // As one statement: two thousand rows through the query compiler held up everybody for 300 ms.
  const made = JSON.stringify(
    generations.map(({ nodeId, model, seed, prompt }) => [nodeId, model, seed?.toString() ?? null, prompt]),
  );
  const rows = inserted.parse(
    await tx.$queryRaw`
      INSERT INTO "GenerationMetadata" ("jobId", "nodeId", "userId", "title", "model", "seed", "prompt")
      SELECT ${jobId}, value ->> 0, ${userId}, ${title}, value ->> 1, value ->> 2, value ->> 3 FROM json_each(${made})
      RETURNING "id", "nodeId"`,
  );
  const idOf = new Map(rows.map(({ id, nodeId }) => [nodeId, id]));
  const loras = generations.flatMap(({ nodeId, loras }) =>
    loras.map((name) => ({ metadataId: idOf.get(nodeId)!, name })),
  );
  if (loras.length > 0) await tx.generationLora.createMany({ data: loras });
  const words = JSON.stringify(generations.map(({ nodeId, words }) => [idOf.get(nodeId), `${title}\n${words}`]));
  await tx.$executeRaw`INSERT INTO "GenerationWords" (rowid, words) SELECT value ->> 0, value ->> 1 FROM json_each(${words})`;
  await addSearchTerms(tx, userId, [title, ...generations.map((each) => each.words)].join('\n'));
}

/** What a misspelt search of this user may have meant. */
export async function addSearchTerms(tx: Transaction, userId: string, text: string): Promise<void> {
  const terms = JSON.stringify(termsOf(text));
  await tx.$executeRaw`INSERT OR IGNORE INTO "SearchTerm" ("userId", "term") SELECT ${userId}, value FROM json_each(${terms})`;
}

export async function removeGenerationMetadata(tx: Transaction, jobId: string): Promise<void> {
  await tx.generationMetadata.deleteMany({ where: { jobId } });
}
