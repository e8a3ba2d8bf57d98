import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBus } from '../events/bus.ts';
import { openDatabase } from './connection.ts';
import { storesOn } from './fresh-database.testing.ts';
import { migrate } from './migrate.ts';
import { PRISMA } from './new-database.testing.ts';

/** Adds jobs without end, many at a time, and says the id of each one that it was answered. */
const WRITER = `
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openDatabase } from '#src/adapters/db/connection.ts';
import { createJobStore } from '#src/adapters/db/jobs/job-store.ts';
const [url, userId] = process.argv.slice(-2);
const jobs = createJobStore(await openDatabase(url), { announce() {}, listen: () => () => {} });
const one = async () => {
  for (;;) {
    const id = randomUUID();
    await jobs.add({ id, userId, clientRequestId: id, title: id, prompt: JSON.stringify({ id, filler: 'x'.repeat(3000) }), workflow: null, likeness: null, expectedFiles: null, now: Date.now() });
    writeSync(1, id + '\\n');
  }
};
await Promise.all(Array.from({ length: 8 }, one));
`;

let folder = '';
let url = '';
const userId = randomUUID();
const nobody = createBus((error) => {
  throw error;
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comfyume-durability-'));
  url = `file:${join(folder, 'a.db')}`;
  const db = await openDatabase(url);
  await migrate(db, PRISMA);
  await storesOn(db, nobody).users.create({ id: userId, name: 'Anna', role: 'participant', passwordHash: '', now: 0 });
  await db.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Lets the writer be answered so many times, kills it, and gives all ids that it said. */
async function killAfter(answers: number): Promise<string[]> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', WRITER, url, userId],
    {
      cwd: new URL('../../..', import.meta.url),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const said: string[] = [];
  const closed = once(child, 'close');
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      if (said.length === answers) child.kill('SIGKILL');
    });
  await closed;
  return said;
}

test('a process that is killed while it writes loses none of what it was answered', async () => {
  const answered: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const said = await killAfter(1 + Math.floor(Math.random() * 150));
    expect(said.length).toBeGreaterThan(0);
    answered.push(...said);
    const db = await openDatabase(url);
    expect(await db.$queryRaw`PRAGMA integrity_check`).toEqual([{ integrity_check: 'ok' }]);
    const rows = await db.job.findMany({ include: { graph: true } });
    const present = new Map(rows.map((row) => [row.id, row]));
    for (const id of answered) {
      const row = present.get(id);
      expect(row?.title).toBe(id);
      expect(row?.graph?.prompt).toContain(id);
    }
    expect(await db.event.count()).toBe(rows.length);
    await db.close();
  }
});
