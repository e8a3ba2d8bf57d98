import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from './connection.ts';
import { migrate } from './migrate.ts';
import { PRISMA } from './new-database.testing.ts';
import { fromSchema, sorted, type Table } from './schema-tables.testing.ts';

const number = z.union([z.bigint(), z.number()]).transform(Number);
const columnRows = z.array(
  z.object({ name: z.string(), type: z.string(), notnull: number, dflt_value: z.string().nullable(), pk: number }),
);
const indexRows = z.array(z.object({ name: z.string(), unique: number, origin: z.string() }));
const indexColumns = z.array(z.object({ seqno: number, name: z.string() }));
const keyRows = z.array(z.object({ table: z.string(), from: z.string(), to: z.string(), on_delete: z.string() }));

/** What the database says that it has. */
async function fromDatabase(db: Database): Promise<Record<string, Table>> {
  const ask = (sql: string): Promise<unknown> => db.$queryRawUnsafe(sql);
  const list = z.array(z.object({ name: z.string() })).parse(
    await ask(
      // Full-text tables, and the tables that they keep for themselves, are none of the models'.
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_prisma_migrations'`,
    ),
  );
  const tables: Record<string, Table> = {};
  for (const { name } of list) {
    const columns = columnRows.parse(await ask(`PRAGMA table_xinfo("${name}")`));
    const table: Table = { columns: {}, unique: [], indexes: [], foreignKeys: [] };
    for (const column of columns)
      table.columns[column.name] = {
        type: column.type,
        nullable: column.notnull === 0,
        default: column.dflt_value,
        key: column.pk > 0,
      };
    for (const index of indexRows.parse(await ask(`PRAGMA index_list("${name}")`))) {
      if (index.origin === 'pk') continue;
      const parts = indexColumns
        .parse(await ask(`PRAGMA index_info("${index.name}")`))
        .sort((a, b) => a.seqno - b.seqno);
      (index.unique === 1 ? table.unique : table.indexes).push(parts.map((part) => part.name).join(','));
    }
    table.foreignKeys = keyRows
      .parse(await ask(`PRAGMA foreign_key_list("${name}")`))
      .map(({ from, to, on_delete, ...key }) => ({ from, table: key.table, to, onDelete: on_delete }));
    tables[name] = sorted(table);
  }
  return tables;
}

const MIGRATIONS = join(PRISMA, 'migrations');

/** The database as it was before this migration: copies those of earlier versions only. */
const before = (name: string) => (path: string) => (/(\d{14}_\w+)/.exec(relative(MIGRATIONS, path))?.[1] ?? '') < name;

test('jobs of earlier versions are given the id of their workflow, where it has one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-migrations-'));
  const db = await openDatabase(`file:${join(folder, 'a.db')}`);
  try {
    const migrations = join(folder, 'migrations');
    const name = '20261130080000_workflow_id';
    await cp(MIGRATIONS, migrations, { recursive: true, filter: before(name) });
    await migrate(db, folder);
    await db.$executeRaw`INSERT INTO "User" ("id", "name", "nameKey", "role", "passwordHash", "folder", "createdAt") VALUES ('u', 'u', 'u', 'participant', '', 'u', 0)`;
    const graphs = {
      a: '{"id":"w1","nodes":[]}',
      b: '{"id":"00000000-0000-0000-0000-000000000000"}',
      c: '{"nodes":[]}',
      d: '{"id":7}',
      e: 'not JSON',
      f: null,
    };
    for (const [id, workflow] of Object.entries(graphs)) {
      await db.$executeRaw`INSERT INTO "Job" ("id", "userId", "title", "status", "createdAt", "queuedAt") VALUES (${id}, 'u', '', 'completed', 0, 0)`;
      await db.$executeRaw`INSERT INTO "Graph" ("jobId", "prompt", "workflow") VALUES (${id}, '{}', ${workflow})`;
    }
    await cp(MIGRATIONS, migrations, { recursive: true });
    await migrate(db, folder);
    const rows = await db.job.findMany({ select: { id: true, workflowId: true }, orderBy: { id: 'asc' } });
    expect(rows.map(({ id, workflowId }) => [id, workflowId])).toEqual([
      ['a', 'w1'],
      ['b', null],
      ['c', null],
      ['d', null],
      ['e', null],
      ['f', null],
    ]);
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('an upgrade names what old entries are about, and deletes the words of generations that are gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-migrations-'));
  const db = await openDatabase(`file:${join(folder, 'a.db')}`);
  try {
    const migrations = join(folder, 'migrations');
    const name = '20261130111000_audit_names_circuits_words';
    await cp(MIGRATIONS, migrations, { recursive: true, filter: before(name) });
    await migrate(db, folder);
    await db.$executeRaw`INSERT INTO "User" ("id", "name", "nameKey", "role", "passwordHash", "folder", "createdAt") VALUES ('u', 'Ada', 'ada', 'participant', '', 'u', 0)`;
    await db.$executeRaw`INSERT INTO "Job" ("id", "userId", "title", "status", "createdAt", "queuedAt") VALUES ('j', 'u', 'Grey card', 'running', 0, 0)`;
    await db.$executeRaw`INSERT INTO "Making" ("id", "jobId", "nodeId", "userId", "title") VALUES (1, 'j', '9', 'u', '')`;
    await db.$executeRaw`INSERT INTO "MakingWords" (rowid, words) VALUES (1, 'kept'), (2, 'of somebody who is gone')`;
    await db.$executeRaw`INSERT INTO "Act" ("id", "at", "actorId", "actorName", "type", "subjectId", "detail") VALUES
      (1, 0, 'op', 'Teacher', 'jobs.cancel', 'j', '{"as":"Ada"}'), (2, 0, 'op', 'Teacher', 'admin.participants.rename', 'u', '{"as":7}'),
      (3, 0, NULL, '', 'endpoint.rests', 'gone', '{}')`;
    await cp(MIGRATIONS, migrations, { recursive: true });
    await migrate(db, folder);
    const select = { subjectName: true, onBehalfOfName: true, actorName: true };
    expect(await db.auditEvent.findMany({ select, orderBy: { id: 'asc' } })).toEqual([
      { subjectName: 'Grey card', onBehalfOfName: 'Ada', actorName: 'Teacher' },
      { subjectName: 'Ada', onBehalfOfName: null, actorName: 'Teacher' },
      { subjectName: null, onBehalfOfName: null, actorName: '' },
    ]);
    const words = () => db.$queryRaw`SELECT words FROM "GenerationWords"`;
    expect(await words()).toEqual([{ words: 'kept' }]);
    await db.user.delete({ where: { id: 'u' } });
    expect(await words()).toEqual([]);
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('what was made before is found by model and file name too, has its prompt in lists, and is found in spite of a slip', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-migrations-'));
  const db = await openDatabase(`file:${join(folder, 'a.db')}`);
  try {
    const migrations = join(folder, 'migrations');
    await cp(MIGRATIONS, migrations, { recursive: true, filter: before('20261201010000_search') });
    await migrate(db, folder);
    await db.$executeRaw`INSERT INTO "User" ("id", "name", "nameKey", "role", "passwordHash", "folder", "createdAt") VALUES ('u', 'Ada', 'ada', 'participant', '', 'u', 0)`;
    await db.$executeRaw`INSERT INTO "Job" ("id", "userId", "title", "status", "createdAt", "queuedAt") VALUES ('j', 'u', '', 'completed', 0, 0)`;
    await db.$executeRaw`INSERT INTO "GenerationMetadata" ("id", "jobId", "nodeId", "userId", "title", "model") VALUES
      (1, 'j', '9', 'u', 'Night', 'flux.safetensors'), (2, 'j', '10', 'u', 'Grey card', NULL)`;
    await db.$executeRaw`INSERT INTO "GenerationLora" ("metadataId", "name") VALUES (1, 'grain')`;
    await db.$executeRaw`INSERT INTO "GenerationWords" (rowid, words) VALUES (1, ${'Night\na train in Zürich, 35 mm\nblurry'}), (2, ${'Grey card\n'})`;
    await db.$executeRaw`INSERT INTO "Result" ("id", "userId", "jobId", "nodeId", "name", "path", "stem", "counter", "kind", "mime", "bytes", "sha256", "metadataId")
      VALUES ('r', 'u', 'j', '9', 'a.png', 'u/shot_00001_.png', 'shot', 1, 'image', 'image/png', 1, '', 1)`;
    await cp(MIGRATIONS, migrations, { recursive: true });
    await migrate(db, folder);
    const prompts = await db.generationMetadata.findMany({ select: { prompt: true }, orderBy: { id: 'asc' } });
    expect(prompts).toEqual([{ prompt: 'a train in Zürich, 35 mm' }, { prompt: null }]);
    const found = (word: string) =>
      db.$queryRaw`SELECT rowid AS id FROM "GenerationWords" WHERE "GenerationWords" MATCH ${word}`;
    for (const word of ['flux', 'grain', 'shot', 'blurry']) expect(await found(word), word).toEqual([{ id: 1 }]);
    const terms = await db.searchTerm.findMany({ orderBy: { term: 'asc' } });
    expect(terms.map(({ term }) => term)).toEqual(
      'blurry card flux grain grey night safetensors shot train zurich'.split(' '),
    );
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
});

describe('migrations', () => {
  let folder = '';
  let migrations = '';
  let db: Database;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'comfyume-migrations-'));
    migrations = join(folder, 'migrations');
    await cp(MIGRATIONS, migrations, { recursive: true });
    db = await openDatabase(`file:${join(folder, 'a.db')}`);
  });
  afterAll(async () => {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ledger = (): Promise<{ migration_name: string }[]> =>
    db.$queryRaw`SELECT migration_name, checksum, finished_at FROM _prisma_migrations ORDER BY migration_name`;
  const addMigration = async (name: string, sql: string): Promise<void> => {
    await mkdir(join(migrations, name), { recursive: true });
    await writeFile(join(migrations, name, 'migration.sql'), sql);
  };

  test('applied once, in order, and recorded', async () => {
    const present = (await readdir(MIGRATIONS, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
    expect(await migrate(db, folder)).toEqual(present);
    const first = await ledger();
    expect(first.map((row) => row.migration_name)).toEqual(present);
    expect(await migrate(db, folder)).toEqual([]);
    expect(await ledger()).toEqual(first);
  });

  test('they make what the schema asks for: columns, defaults, uniques, indexes, foreign keys', async () => {
    const wanted = fromSchema(await readFile(join(PRISMA, 'schema.prisma'), 'utf8'));
    expect(Object.keys(wanted).length).toBeGreaterThan(8);
    expect(wanted.Job?.foreignKeys).toEqual([
      { from: 'inputId', table: 'Input', to: 'id', onDelete: 'SET NULL' },
      { from: 'userId', table: 'User', to: 'id', onDelete: 'CASCADE' },
    ]);
    expect(await fromDatabase(db)).toEqual(wanted);
  });

  test('a new one is applied to what is there; one that fails leaves nothing behind', async () => {
    await addMigration(
      '99990101000000_more',
      'CREATE TABLE "More" ("id" TEXT NOT NULL PRIMARY KEY);\nINSERT INTO "More" VALUES (\'a;b\');\n',
    );
    expect(await migrate(db, folder)).toEqual(['99990101000000_more']);
    expect(await db.$queryRaw`SELECT id FROM "More"`).toEqual([{ id: 'a;b' }]);
    const before = await ledger();
    await addMigration(
      '99990102000000_wrong',
      'CREATE TABLE "Half" ("id" TEXT);\nINSERT INTO "NoSuchTable" VALUES (1);\n',
    );
    await expect(migrate(db, folder)).rejects.toThrow(/NoSuchTable/);
    expect(await db.$queryRaw`SELECT name FROM sqlite_schema WHERE name = 'Half'`).toEqual([]);
    expect(await ledger()).toEqual(before);
    await rm(join(migrations, '99990102000000_wrong'), { recursive: true });
  });

  test('one that was changed afterwards is refused', async () => {
    await addMigration('99990101000000_more', 'CREATE TABLE "More" ("id" TEXT);\n');
    await expect(migrate(db, folder)).rejects.toThrow(
      'Migration 99990101000000_more was changed after it had been applied to this database.',
    );
  });

  test('a database of a newer version is refused', async () => {
    await rm(join(migrations, '99990101000000_more'), { recursive: true });
    await expect(migrate(db, folder)).rejects.toThrow(
      'The database was made by a newer version: migration 99990101000000_more is not part of this one. Start that version, or restore a backup',
    );
  });
});
