import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '#src/domain/workflow/rewrite.ts';
import { type Database, openDatabase } from './connection.ts';
import { compareDatabases, copyDatabase, TABLES } from './copy-database.ts';
import { type Fresh, openFresh } from './fresh-database.testing.ts';
import { migrate } from './migrate.ts';
import { PRISMA } from './new-database.testing.ts';

const NOW = Date.parse('2026-12-01T09:00:00.123Z');
const plan: Plan = {
  folder: 'comfyume/a',
  saves: [{ nodeId: '9', classType: 'SaveImage', isPreview: false, dir: '0', marker: null }],
  markerNodes: {},
};

let from: Fresh;
let folder = '';
let file: Database;
const sourceOf = (db: Database) => ({ dialect: db.dialect, tx: db });

beforeAll(async () => {
  from = await openFresh();
  folder = await mkdtemp(join(tmpdir(), 'comfyume-copy-'));
  file = await openDatabase(`file:${join(folder, 'comfyume.db')}`);
  await migrate(file, PRISMA);
  await fill(from);
});
afterAll(async () => {
  await Promise.all([from.close(), file.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** Something of all that is hard to carry over: sessions of tabs, numbers that are given, bytes, times, words, more rows than are read at once. */
async function fill({ db, users, jobs, endpoints }: Fresh): Promise<void> {
  const { id: userId } = await users.create({
    id: 'zoe',
    name: 'Zoë',
    role: 'participant',
    passwordHash: 'x',
    now: NOW,
  });
  const at = new Date(NOW);
  const session = { userId, createdAt: at, expiresAt: new Date(NOW + 1) };
  await db.session.create({ data: { id: 'z', tokenHash: 'z', ...session } });
  await db.session.create({ data: { id: 'a', tokenHash: 'a', ...session, parentId: 'z' } });
  const gpu = {
    name: 'gpu',
    url: 'http://gpu.test',
    gpu: 'H200',
    pricing: 'spot',
    capacity: 4,
    apiKeyVariable: null,
  } as const;
  const { id: endpointId } = await endpoints.upsert(gpu, NOW);
  await db.endpoint.update({ where: { id: endpointId }, data: { pricePerHour: 2.35 } });
  for (let number = 0; number < 12; number += 1) {
    const id = `job-${number}`;
    await jobs.add({
      id,
      userId,
      clientRequestId: null,
      title: 'Zürich',
      prompt: `{"9":{"n":${number}}}`,
      workflow: null,
      fingerprint: null,
      expectedFiles: null,
      now: NOW + number,
    });
    const generations = [
      { nodeId: '9', model: 'm', loras: ['grain'], seed: 2n ** 63n, prompt: 'a train', words: 'a train in Zürich' },
    ];
    await jobs.addGiven({
      id: `given-${number}`,
      userId,
      title: 'Given',
      prompt: null,
      workflow: null,
      generations,
      now: NOW,
    });
    await db.attempt.create({
      data: { id, jobId: id, endpointId, number: 1, plan: JSON.stringify(plan), sentAt: at, heard: number % 2 === 0 },
    });
  }
  await db.clientLog.createMany({
    data: Array.from({ length: 1203 }, (_, n) => ({
      userId,
      at,
      group: `g${n}`,
      level: 'error',
      message: '🎬 … \u0001',
      source: 'comfyui',
      page: '/',
      browser: '',
      count: n,
    })),
  });
  await db.comfyuiFile.create({
    data: {
      userId,
      path: 'workflows/a.json',
      bytes: 4,
      createdAt: at,
      modifiedAt: at,
      content: new Uint8Array([0, 1, 254, 255]),
    },
  });
  await db.setting.create({ data: { key: 'k', value: '["x"]' } });
}

describe('a copy of a database', () => {
  test('is of every table', async () => {
    const rows = await file.$queryRaw<{ name: string }[]>`
      SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'GenerationWords%' AND name NOT LIKE '_prisma%'`;
    expect(TABLES.map(({ name }) => name).sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  test('has every row, goes on where it was broken off, and tells of a row that differs', async () => {
    let copied = 0;
    const breakOff = (rows: number) => {
      copied += rows;
      if (copied > 700) throw new Error('pulled the plug');
    };
    await expect(copyDatabase(sourceOf(from.db), file, breakOff)).rejects.toThrow('pulled the plug');
    await expect(compareDatabases(sourceOf(from.db), sourceOf(file))).rejects.toThrow(/^The copy differs/);
    await copyDatabase(sourceOf(from.db), file, () => undefined);
    expect(await compareDatabases(sourceOf(from.db), sourceOf(file))).toBeGreaterThan(1250);

    await file.clientLog.updateMany({ where: { group: 'g1202' }, data: { message: 'other' } });
    await expect(compareDatabases(sourceOf(from.db), sourceOf(file))).rejects.toThrow(/at ClientLog \d+/);
    await file.clientLog.deleteMany({ where: { group: 'g1202' } });
    await copyDatabase(sourceOf(from.db), file, () => undefined);
  });

  test('and back into an empty one, which goes on from there', async () => {
    const back = await openFresh();
    try {
      await copyDatabase(sourceOf(file), back.db, () => undefined);
      expect(await compareDatabases(sourceOf(file), sourceOf(back.db))).toBeGreaterThan(1250);
      expect(await compareDatabases(sourceOf(from.db), sourceOf(back.db))).toBeGreaterThan(1250);
      const newest = await back.events.newestId();
      await back.jobs.add({
        id: 'next',
        userId: 'zoe',
        clientRequestId: null,
        title: 't',
        prompt: '{}',
        workflow: null,
        fingerprint: null,
        expectedFiles: null,
        now: NOW,
      });
      expect(await back.events.newestId()).toBeGreaterThan(newest);
      const { items } = await back.results.list({ userId: 'zoe', filter: { words: 'zurich' }, limit: 5, cursor: null });
      expect(items).toEqual([]);
    } finally {
      await back.close();
    }
  });
});
