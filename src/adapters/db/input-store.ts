import { numberedInput } from '#src/domain/inputs.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { Database } from './connection.ts';
import { toInput } from './rows.ts';

/** A database takes only so many values in one question; a graph may hold any number of names. Above this all of the user's inputs are read. */
const MOST_ASKED = 400;

export function createInputStore(db: Database): InputStore {
  return {
    add: ({ createdAt, ...input }) =>
      db.$transaction(async (tx) => {
        const { userId, name, sha256 } = input;
        const stem = name.slice(0, name.lastIndexOf('.'));
        const alike = await tx.input.findMany({
          where: { userId, OR: [{ name }, { name: { startsWith: `${stem} (` } }] },
        });
        const taken = new Map(alike.map((row) => [row.name, row]));
        for (let number = 0; ; number++) {
          const candidate = numberedInput(name, number);
          const row = taken.get(candidate);
          if (row && row.sha256 !== sha256) continue;
          if (row) return toInput(row);
          return toInput(
            await tx.input.create({
              data: { ...input, name: candidate, bytes: BigInt(input.bytes), createdAt: new Date(createdAt) },
            }),
          );
        }
      }),

    async find(userId, names) {
      if (names.length === 0) return [];
      const among = { in: [...names] };
      const asked = names.length <= MOST_ASKED ? { OR: [{ name: among }, { file: among }] } : {};
      const rows = await db.input.findMany({ where: { userId, ...asked } });
      const wanted = new Set(names);
      return rows.filter(({ name, file }) => wanted.has(name) || wanted.has(file)).map(toInput);
    },
  };
}
