import { pathClash, tooMuchKept } from '#src/domain/comfyui/own-files.ts';
import { AppError } from '#src/domain/errors.ts';
import type { OwnFile, OwnFileStore } from '#src/ports/comfyui/own-data.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';

const FACTS = { path: true, bytes: true, createdAt: true, modifiedAt: true } as const;

type Facts = { path: string; bytes: number; createdAt: Date; modifiedAt: Date };
const toOwnFile = ({ path, bytes, createdAt, modifiedAt }: Facts): OwnFile => ({
  path,
  bytes,
  createdAt: createdAt.getTime(),
  modifiedAt: modifiedAt.getTime(),
});

const exists = (path: string): AppError => new AppError('conflict', `“${path}” exists already.`);

const listed = (db: Transaction, userId: string): Promise<Facts[]> =>
  db.comfyuiFile.findMany({ where: { userId }, orderBy: { path: 'asc' }, select: FACTS });

export function createOwnFileStore(db: Database): OwnFileStore {
  return {
    list: async (userId) => (await listed(db, userId)).map(toOwnFile),

    async read(userId, path) {
      const row = await db.comfyuiFile.findUnique({ where: { userId_path: { userId, path } } });
      return row && { ...toOwnFile(row), content: row.content };
    },

    write: ({ userId, path, content, now, overwrite }) =>
      db.transaction(async (tx) => {
        const all = await listed(tx, userId);
        const before = all.find((file) => file.path === path);
        if (before && !overwrite) throw exists(path);
        const had = { files: all.length, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
        const refusal = before
          ? null
          : pathClash(
              path,
              all.map((file) => file.path),
            );
        const excess = tooMuchKept(path, content.length, before?.bytes ?? null, had);
        if (refusal ?? excess) throw refusal ?? excess;
        const data = { content: Uint8Array.from(content), bytes: content.length, modifiedAt: new Date(now) };
        const row = await tx.comfyuiFile.upsert({
          where: { userId_path: { userId, path } },
          create: { userId, path, createdAt: new Date(now), ...data },
          update: data,
          select: FACTS,
        });
        await recordAction(tx);
        return toOwnFile(row);
      }),

    move: ({ userId, path, to, overwrite }) =>
      db.transaction(async (tx) => {
        const all = await listed(tx, userId);
        const file = all.find((one) => one.path === path);
        if (!file) return null;
        if (path === to) return toOwnFile(file);
        const paths = all.map((one) => one.path).filter((one) => one !== path);
        if (paths.includes(to) && !overwrite) throw exists(to);
        const refusal = pathClash(to, paths);
        if (refusal) throw refusal;
        await tx.comfyuiFile.deleteMany({ where: { userId, path: to } });
        const row = await tx.comfyuiFile.update({
          where: { userId_path: { userId, path } },
          data: { path: to },
          select: FACTS,
        });
        await recordAction(tx);
        return toOwnFile(row);
      }),

    remove: (userId, path) =>
      db.transaction(async (tx) => {
        const { count } = await tx.comfyuiFile.deleteMany({ where: { userId, path } });
        if (count > 0) await recordAction(tx);
        return count > 0;
      }),
  };
}
