import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus, Signal } from '#src/ports/events.ts';
import { createBus } from '../events/bus.ts';
import { createSettingStore } from './classes/setting-store.ts';
import { type Database, openDatabase } from './connection.ts';
import { createEndpointStore } from './endpoints/endpoint-store.ts';
import { createAuditLog } from './events/audit-log.ts';
import { createEventLog } from './events/event-log.ts';
import { createDuplicateStore } from './jobs/duplicate-store.ts';
import { createJobStore } from './jobs/job-store.ts';
import { migrate } from './migrate.ts';
import { dropDatabase, newDatabaseUrl, PRISMA } from './new-database.testing.ts';
import { createInputStore } from './results/input-store.ts';
import { createResultStore } from './results/result-store.ts';
import { createJoinCodes } from './users/join-codes.ts';
import { createUserStore } from './users/user-store.ts';

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export function storesOn(db: Database, bus: Bus) {
  return {
    auditLog: createAuditLog(db, bus, SILENT),
    jobs: createJobStore(db, bus),
    duplicates: createDuplicateStore(db, bus),
    results: createResultStore(db, bus),
    inputs: createInputStore(db),
    users: createUserStore(db, bus),
    joinCodes: createJoinCodes(db),
    endpoints: createEndpointStore(db, bus),
    settings: createSettingStore(db, bus),
    events: createEventLog(db),
  };
}

/** An empty, migrated database of its own, with all stores, and everything that was announced. */
export async function openFresh() {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-db-'));
  const url = await newDatabaseUrl(folder);
  const db = await openDatabase(url);
  // Nothing here outlives the process, so nothing has to reach the disk.
  if (db.dialect.name === 'sqlite') await db.$queryRaw`PRAGMA synchronous = OFF`;
  await migrate(db, PRISMA);
  const message: Signal[] = [];
  const bus = createBus((error) => {
    throw error;
  });
  bus.listen((signal) => message.push(signal));
  return {
    url,
    folder,
    db,
    bus,
    message,
    ...storesOn(db, bus),
    async close() {
      await db.close();
      await dropDatabase(url);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Fresh = Awaited<ReturnType<typeof openFresh>>;
