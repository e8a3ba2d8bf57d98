import { z } from 'zod';
import { termsOf } from '#src/domain/search/search-words.ts';
import type { GenerationMetadata } from '#src/domain/workflow/generation-parameters.ts';
import type { Transaction } from '../connection.ts';
import type { Dialect } from '../dialect.ts';
import { Prisma } from '../generated/client.ts';
import { pieces } from '../in-pieces.ts';

const { sql, join } = Prisma;

const inserted = z.array(z.object({ id: z.coerce.number(), nodeId: z.string() }));

/** With their words in the full-text table, under the same ids. The database deletes the words with the row. */
export async function storeGenerationMetadata(
  tx: Transaction,
  dialect: Dialect,
  { jobId, userId, title }: { jobId: string; userId: string; title: string },
  generations: readonly GenerationMetadata[],
): Promise<void> {
  if (generations.length === 0) return;
  const rows: z.infer<typeof inserted> = [];
  for (const some of pieces(generations)) {
    // Not through the query compiler: two thousand rows held up everybody for 300 ms.
    const values = some.map(
      ({ nodeId, model, seed, prompt }) =>
        sql`(${jobId}, ${nodeId}, ${userId}, ${title}, ${model}, ${seed?.toString() ?? null}, ${prompt})`,
    );
    rows.push(
      ...inserted.parse(
        await tx.$queryRaw`
          INSERT INTO "GenerationMetadata" ("jobId", "nodeId", "userId", "title", "model", "seed", "prompt")
          VALUES ${join(values)} RETURNING "id", "nodeId"`,
      ),
    );
  }
  const idOf = new Map(rows.map(({ id, nodeId }) => [nodeId, id]));
  const loras = generations.flatMap(({ nodeId, loras }) =>
    loras.map((name) => ({ metadataId: idOf.get(nodeId)!, name })),
  );
  if (loras.length > 0) await tx.generationLora.createMany({ data: loras });
  const words = generations.map((each) => ({ id: idOf.get(each.nodeId)!, words: `${title}\n${each.words}` }));
  for (const some of pieces(words)) await dialect.addWords(tx, some);
  await addSearchTerms(tx, userId, [title, ...generations.map((each) => each.words)].join('\n'));
}

/** What a misspelt search of this user may have meant. */
export async function addSearchTerms(tx: Transaction, userId: string, text: string): Promise<void> {
  const terms = termsOf(text).map((term) => sql`(${userId}, ${term})`);
  if (terms.length === 0) return;
  await tx.$executeRaw`INSERT INTO "SearchTerm" ("userId", "term") VALUES ${join(terms)} ON CONFLICT DO NOTHING`;
}

export async function removeGenerationMetadata(tx: Transaction, jobId: string): Promise<void> {
  await tx.generationMetadata.deleteMany({ where: { jobId } });
}
