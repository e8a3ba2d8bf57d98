import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './connection.ts';
import { type Fresh, openFresh } from './fresh-database.testing.ts';
import { copyUnderWay } from './migrate.ts';
import { moveDatabase, toldAs } from './move-database.ts';
import { PRISMA } from './new-database.testing.ts';

let from: Fresh;
let folder = '';
let target = '';
beforeEach(async () => {
  from = await openFresh();
  await from.users.create({ id: 'anna', name: 'Anna', role: 'participant', passwordHash: 'x', now: 1 });
  folder = await mkdtemp(join(tmpdir(), 'comfyume-move-'));
  target = `file:${join(folder, 'new.db')}`;
});
afterEach(async () => {
  await from.close();
  await rm(folder, { recursive: true, force: true });
});

const move = (copied: (rows: number) => void = () => undefined, source = 'file:/old.db') =>
  moveDatabase(from.db, { source, target, prismaDir: PRISMA }, copied);
const inTarget = async <T>(look: (db: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>): Promise<T> => {
  const db = await openDatabase(target);
  try {
    return await look(db);
  } finally {
    await db.close();
  }
};

test('all rows are there, and the copy is whole', async () => {
  expect(await move()).toBe(1);
  expect(await inTarget((db) => db.user.findMany({ select: { name: true } }))).toEqual([{ name: 'Anna' }]);
  expect(await inTarget(copyUnderWay)).toBeNull();
});

test('one that was broken off is marked, goes on, and takes nothing from elsewhere', async () => {
  const pulled = () => {
    throw new Error('pulled the plug');
  };
  await expect(move(pulled)).rejects.toThrow('pulled the plug');
  expect(await inTarget(copyUnderWay)).toBe('file:/old.db');
  await expect(move(undefined, 'file:/another.db')).rejects.toThrow('is an unfinished copy of file:/old.db. Empty it');
  expect(await move()).toBe(1);
  expect(await inTarget(copyUnderWay)).toBeNull();
});

test('nothing is overwritten', async () => {
  await move();
  await expect(move()).rejects.toThrow('is not empty. Nothing is ever overwritten');
});

test('passwords are not told', () => {
  expect(toldAs('postgresql://film:secret@db.school.test:5432/class')).toBe(
    'postgresql://film:***@db.school.test:5432/class',
  );
});
