import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appErrorIn } from '#src/domain/errors.ts';
import { type Database, openDatabase } from './connection.ts';

let folder = '';
let file = '';
const open: Database[] = [];
const openIt = async (url = `file:${file}`): Promise<Database> => {
  const db = await openDatabase(url);
  open.push(db);
  return db;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comfyume-connection-'));
  file = join(folder, 'a.db');
});
afterEach(async () => {
  for (const db of open.splice(0)) await db.close();
  await rm(folder, { recursive: true, force: true });
});

const pragma = async (db: Database, name: string): Promise<unknown> => {
  const [row] = await db.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${name}`);
  return Object.values(row ?? {})[0];
};
const countOf = async (db: Database, table = 'parent'): Promise<unknown> =>
  (await db.$queryRawUnsafe<{ n: unknown }[]>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;

async function withTables(): Promise<Database> {
  const db = await openIt();
  await db.$executeRaw`CREATE TABLE parent (id TEXT PRIMARY KEY NOT NULL)`;
  await db.$executeRaw`CREATE TABLE child (id TEXT PRIMARY KEY NOT NULL, parent TEXT NOT NULL REFERENCES parent (id))`;
  return db;
}

describe('a disk that is full', () => {
  const LONG = 'x'.repeat(100_000);
  const noRoom = async (writing: Promise<unknown>) => {
    const error: unknown = await writing.catch((refused: unknown) => refused);
    expect(appErrorIn(error)).toMatchObject({
      code: 'storage_full',
      message: expect.stringMatching(/^The server’s disk is full/),
    });
  };

  test('refuses in a sentence, keeps what was there, and goes on when there is room', async () => {
    const db = await withTables();
    await db.$executeRaw`INSERT INTO parent VALUES ('p')`;
    await db.$queryRawUnsafe(`PRAGMA max_page_count = ${Number(await pragma(db, 'page_count'))}`);
    await noRoom(db.$executeRaw`INSERT INTO parent VALUES (${LONG})`);
    await noRoom(
      db.transaction(async (tx) => {
        await tx.$executeRaw`INSERT INTO parent VALUES ('q')`;
        await tx.$executeRaw`INSERT INTO parent VALUES (${LONG})`;
      }),
    );
    expect(Number(await countOf(db))).toBe(1);
    await db.$queryRaw`PRAGMA max_page_count = 10000`;
    await db.transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO parent VALUES (${LONG})`;
    });
    expect(Number(await countOf(db))).toBe(2);
  });
});

test.each([
  ['at the start', 100, 300],
  ['later', 8192, 1_000_000],
])('a file that is damaged, noticed %s, is told in a sentence with what to do', async (_, at, length) => {
  const db = await withTables();
  for (let n = 0; n < 50; n += 1) await db.$executeRaw`INSERT INTO parent VALUES (${`${n}${'x'.repeat(2000)}`})`;
  await db.close();
  open.splice(0);
  const spoiled = await readFile(file);
  spoiled.fill(0xff, at, Math.min(at + length, spoiled.length));
  await writeFile(file, spoiled);
  const error: unknown = await openDatabase(`file:${file}`)
    .then(async (opened) => {
      try {
        await opened.$queryRaw`SELECT id FROM parent ORDER BY id DESC`;
      } finally {
        await opened.close();
      }
    })
    .catch((refused: unknown) => refused);
  expect(appErrorIn(error)?.message).toMatch(/is damaged\. Stop comfyume, move that file away, and restore/);
});

test('only its owner reads it, also where it was made by an earlier version', async () => {
  await writeFile(file, '', { mode: 0o644 });
  await withTables();
  for (const name of ['', '-wal']) expect([name, (await stat(`${file}${name}`)).mode & 0o777]).toEqual([name, 0o600]);
});

describe('the connection', () => {
  test('is durable, checks foreign keys, and stays so after many transactions, failed ones too', async () => {
    const db = await withTables();
    for (let n = 0; n < 20; n += 1) {
      const writing = db.transaction(async (tx) => {
        await tx.$executeRaw`INSERT INTO parent VALUES (${`p${n}`})`;
        await tx.$executeRaw`INSERT INTO child VALUES (${`c${n}`}, ${n % 2 === 0 ? `p${n}` : 'nobody'})`;
      });
      if (n % 2 === 0) await writing;
      else await expect(writing).rejects.toThrow(/FOREIGN KEY/);
    }
    expect(Number(await countOf(db))).toBe(10);
    expect(Number(await countOf(db, 'child'))).toBe(10);
    expect([
      await pragma(db, 'journal_mode'),
      Number(await pragma(db, 'synchronous')),
      Number(await pragma(db, 'foreign_keys')),
      await pragma(db, 'locking_mode'),
    ]).toEqual(['wal', 2, 1, 'exclusive']);
  });

  test('what is read or written beside an open transaction is not part of it', async () => {
    const db = await withTables();
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let begun = (): void => undefined;
    const isOpen = new Promise<void>((resolve) => (begun = resolve));
    const doomed = db.transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO parent VALUES ('inside')`;
      begun();
      await finished;
      throw new Error('rolled back');
    });
    await isOpen;
    const reading = db.$queryRaw`SELECT id FROM parent WHERE id = 'inside'`;
    const writing = db.$executeRaw`INSERT INTO parent VALUES ('beside')`;
    finish();
    await expect(doomed).rejects.toThrow('rolled back');
    expect(await reading).toEqual([]);
    await writing;
    expect(await db.$queryRaw`SELECT id FROM parent`).toEqual([{ id: 'beside' }]);
  });

  test('a transaction that is over takes no more statements', async () => {
    const db = await withTables();
    const tx = await db.transaction(async (open) => ({
      late: () => open.$executeRaw`INSERT INTO parent VALUES ('late')`,
    }));
    await expect(tx.late()).rejects.toThrow();
    await db.transaction(async () => {
      await expect(tx.late()).rejects.toThrow();
    });
    expect(await db.$queryRaw`SELECT id FROM parent`).toEqual([]);
  });

  test('goes on after a commit that failed', async () => {
    const db = await withTables();
    const failing = db.transaction(async (tx) => {
      await tx.$queryRaw`PRAGMA defer_foreign_keys = ON`;
      await tx.$executeRaw`INSERT INTO child VALUES ('c', 'nobody')`;
    });
    await expect(failing).rejects.toThrow(/FOREIGN KEY/);
    await db.transaction((tx) => tx.$executeRaw`INSERT INTO parent VALUES ('later')`);
    expect(Number(await countOf(db))).toBe(1);
    expect(Number(await countOf(db, 'child'))).toBe(0);
    // libsql resets a statement that failed only when it is collected, and until then the log cannot be closed.
    await db.close().catch(() => undefined);
    open.length = 0;
  });

  test('closed, it leaves one file, and can be opened again at once', async () => {
    const first = await withTables();
    await first.$executeRaw`INSERT INTO parent VALUES ('kept')`;
    await first.close();
    open.length = 0;
    expect(await readdir(folder)).toEqual(['a.db']);
    expect(Number(await countOf(await openIt()))).toBe(1);
  });
});

describe('refuses in words', () => {
  test('a file that another process has open', async () => {
    await openIt();
    const script = `import { openDatabase } from '#src/adapters/db/connection.ts';
      openDatabase(${JSON.stringify(`file:${file}`)}).then(() => process.stdout.write('opened'), (error) => process.stdout.write(error.message));`;
    const root = new URL('../../..', import.meta.url);
    const said = await new Promise<string>((resolve, reject) =>
      execFile(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '-e', script],
        { cwd: root },
        (error, stdout) => (error ? reject(error) : resolve(stdout)),
      ),
    );
    expect(said).toBe(
      `The database ${file} is in use by another process, most likely another comfyume. Stop that one, or set DATA_DIR to another folder.`,
    );
  });

  test('a file that is no database', async () => {
    await writeFile(file, 'a letter to a friend\n'.repeat(200));
    await expect(openIt()).rejects.toThrow(
      `The file ${file} is not a comfyume database. Move it away or set DATA_DIR to another folder.`,
    );
  });

  test('a folder that is not there', async () => {
    await expect(openIt(`file:${folder}/no/such/a.db`)).rejects.toThrow(
      `The database ${folder}/no/such/a.db cannot be opened. Check DATA_DIR and DATABASE_URL.`,
    );
  });
});
