import { AppError } from '#src/domain/errors.ts';
import { anotherKind, MAX_FILES, numberedInput, tooMuchUploaded } from '#src/domain/files/inputs.ts';
import type { Input, InputStore } from '#src/ports/inputs.ts';
import type { Database, Transaction } from '../connection.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { recordAction } from '../events/record-action.ts';
import { inPieces } from '../in-pieces.ts';
import { toInput } from '../rows.ts';
import { inputUses } from './input-uses.ts';

/** A database takes only so many values in one question; a graph may hold any number of names. Above this all of the user's inputs are read. */
const MAX_ASKED = 400;

async function totalOf(tx: Transaction, userId: string): Promise<{ files: number; bytes: number }> {
  const { _sum, _count } = await tx.input.aggregate({ where: { userId }, _sum: { bytes: true }, _count: true });
  return { files: _count, bytes: Number(_sum.bytes ?? 0) };
}

async function create(tx: Transaction, { createdAt, ...input }: Input): Promise<Input> {
  await tx.removedInput.deleteMany({ where: { file: input.file } });
  const data = { ...input, bytes: BigInt(input.bytes), createdAt: new Date(createdAt) };
  const row = await tx.input.create({ data });
  await recordAction(tx);
  return toInput(row);
}

async function takeAway(tx: Transaction, { id, file }: Pick<Input, 'id' | 'file'>, now: number): Promise<void> {
  await tx.input.delete({ where: { id } });
  const removedAt = new Date(now);
  if ((await tx.input.count({ where: { file } })) === 0)
    await tx.removedInput.upsert({ where: { file }, create: { file, removedAt }, update: { removedAt } });
}

export function createInputStore(db: Database): InputStore {
  const uses = inputUses(db);
  return {
    ...uses,

    add: ({ createdAt, ...input }, maxBytes) =>
      db.transaction(async (tx) => {
        const { userId, name, sha256 } = input;
        const same = await tx.input.findFirst({ where: { id: input.id, userId } });
        if (same) return toInput(same);
        const stem = name.slice(0, name.lastIndexOf('.'));
        const alike = await tx.input.findMany({
          where: { userId, OR: [{ name }, { name: { startsWith: `${stem} (` } }] },
        });
        const taken = new Map(alike.map((row) => [row.name, row]));
        for (let number = 0; ; number++) {
          const candidate = numberedInput(name, number);
          const row = taken.get(candidate);
          if (row && row.sha256 !== sha256) continue;
          if (row?.blake3 === null && input.blake3 !== null) {
            const { id } = row;
            return toInput(await tx.input.update({ where: { id }, data: { blake3: input.blake3 } }));
          }
          if (row) return toInput(row);
          const had = await totalOf(tx, userId);
          if (had.bytes + input.bytes > maxBytes || had.files >= MAX_FILES) throw tooMuchUploaded(had, maxBytes);
          return create(tx, { ...input, name: candidate, createdAt });
        }
      }),

    replace: (id, input, maxBytes) =>
      db.transaction(async (tx) => {
        const old = await tx.input.findUnique({ where: { id } });
        if (!old || old.userId !== input.userId) throw new AppError('not_found', 'Upload not found.');
        if (old.kind !== input.kind) throw anotherKind(old.name);
        if (old.sha256 === input.sha256) return toInput(old);
        const had = await totalOf(tx, input.userId);
        if (had.bytes - Number(old.bytes) + input.bytes > maxBytes) throw tooMuchUploaded(had, maxBytes);
        await takeAway(tx, old, input.createdAt);
        return create(tx, { ...input, name: old.name });
      }),

    async get(id) {
      const row = await db.input.findUnique({ where: { id } });
      return row && toInput(row);
    },

    async find(userId, names) {
      if (names.length === 0) return [];
      const among = { in: [...names] };
      const asked = names.length <= MAX_ASKED ? { OR: [{ name: among }, { file: among }] } : {};
      const rows = await db.input.findMany({ where: { userId, ...asked } });
      const wanted = new Set(names);
      return rows.filter(({ name, file }) => wanted.has(name) || wanted.has(file)).map(toInput);
    },

    async list({ userId, kind, words, limit, cursor }) {
      const after = cursor === null ? null : fromCursor(cursor);
      const rows = await db.input.findMany({
        where: {
          userId,
          ...(kind && { kind }),
          AND: words.map((word) => ({ name: db.dialect.contains(word) })),
          ...(after && { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] }),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
      });
      const items = rows.slice(0, limit).map(toInput);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit && last ? toCursor(last.createdAt, last.id) : null };
    },

    async names(userId) {
      const order = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];
      const rows = await db.input.findMany({ where: { userId }, orderBy: order, take: MAX_FILES });
      return rows.map(toInput).map(({ name, kind }) => ({ name, kind }));
    },

    total: (userId) => totalOf(db, userId),

    async owned(userId, ids) {
      const rows = await inPieces(ids, (some) =>
        db.input.findMany({ where: { userId, id: { in: some } }, select: { id: true } }),
      );
      return rows.length;
    },

    remove: (userId, ids, now) =>
      db.transaction(async (tx) => {
        const rows = await inPieces(ids, (some) => tx.input.findMany({ where: { userId, id: { in: some } } }));
        for (const row of rows) await takeAway(tx, row, now);
        if (rows.length > 0) await recordAction(tx);
        return rows.length;
      }),

    async unused(time, limit) {
      const rows = await db.removedInput.findMany({
        where: { removedAt: { lt: new Date(time) } },
        orderBy: { removedAt: 'asc' },
        take: limit,
      });
      const files = rows.map(({ file }) => file);
      const needed = await uses.neededByAlive(files);
      return files.filter((file) => !needed.has(file));
    },

    isUnused: async (file) =>
      (await db.input.count({ where: { file } })) === 0 && (await uses.neededByAlive([file])).size === 0,

    async forget(file) {
      await db.removedInput.deleteMany({ where: { file } });
    },
  };
}
