import { constants } from 'node:fs';
import { access, copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPostgresql, openDatabase } from '#src/adapters/db/connection.ts';
import { migrate } from '#src/adapters/db/migrate.ts';
import { moveDatabase } from '#src/adapters/db/move-database.ts';
import { syncFolder } from '#src/adapters/files/disks/sync-folder.ts';
import { databaseOf, readBackup, takeOut } from '#src/adapters/files/results/backup-store.ts';
import { createBoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import type { Bucket } from '#src/adapters/files/stores/bucket.ts';
import { AppError } from '#src/domain/errors.ts';
import type { BackedUpFile } from '#src/domain/files/backup.ts';
import { type Config, ConfigError, readProcessConfig } from '#src/env.ts';
import { createStores } from './stores.ts';

const prismaDir = join(dirname(dirname(fileURLToPath(import.meta.url))), 'prisma');
const TIMEOUT_MS = 60_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function expectEmpty(dir: string, variable: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if ((await readdir(dir)).length > 0)
    throw new ConfigError(
      `${dir} is not empty. Backups are restored only into empty folders, so that nothing is overwritten. Move it away or set ${variable} to another folder.`,
    );
}

/** The backup itself is not touched: what is opened, and brought up to this version, is a copy. */
async function fillPostgresql(folder: string, target: string): Promise<void> {
  const own = await mkdtemp(join(tmpdir(), 'comfyume-restore-'));
  try {
    const file = join(own, 'comfyume.db');
    await copyFile(databaseOf(folder), file);
    const from = await openDatabase(`file:${file}`);
    try {
      await migrate(from, prismaDir);
      await moveDatabase(from, { source: folder, target, prismaDir }, () => undefined);
    } finally {
      await from.close();
    }
  } finally {
    await rm(own, { recursive: true });
  }
}

async function expectEmptyBucket({ name, prefix, list }: Bucket): Promise<void> {
  for await (const { key } of list(prefix))
    throw new ConfigError(
      `The bucket "${name}" already has "${key}". Backups are restored only where nothing is, so that nothing is overwritten. Set S3_BUCKET or S3_PREFIX to another place.`,
    );
}

/** Puts a backup in place: the participants' files, what they had uploaded where it is gone from the share, and the database last, so that a half-done one is no start. */
async function restore(config: Config, folder: string) {
  const { databaseUrl, outputsDir, sfsDir } = config;
  const { files, missing, madeAt } = await readBackup(folder);
  const database = isPostgresql(databaseUrl) ? null : databaseUrl.replace(/^file:/, '');
  if (database !== null && (await isThere(database)))
    throw new ConfigError(`${database} already exists. Move it away or set DATA_DIR to another folder.`);
  if (config.s3 === null) await expectEmpty(outputsDir, 'OUTPUTS_DIR');
  const { results, bucket } = await createStores(config, join(config.dataDir, 'thumbs'));
  if (bucket !== null) await expectEmptyBucket(bucket);
  const bounded = createBoundedCalls({ timeoutMs: TIMEOUT_MS, maxStuck: 3 });

  async function restoreResult(file: BackedUpFile): Promise<boolean> {
    const draft = results.draft(file.sha256);
    if (!(await takeOut(dirname(folder), file, draft, bounded))) return false;
    await results.put(draft, file.path, file.sha256);
    return true;
  }
  async function restoreInput(file: BackedUpFile): Promise<boolean> {
    const target = join(sfsDir, 'inputs', file.path);
    if (await isThere(target)) return true;
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    if (!(await takeOut(dirname(folder), file, `${target}.part`, bounded))) return false;
    await rename(`${target}.part`, target);
    await syncFolder(dirname(target));
    return true;
  }

  const lost: BackedUpFile[] = [...missing];
  for (const file of files) if (!(await (file.root === 'inputs' ? restoreInput : restoreResult)(file))) lost.push(file);
  bucket?.close();
  if (database === null) await fillPostgresql(folder, databaseUrl);
  else {
    await mkdir(dirname(database), { recursive: true, mode: 0o700 });
    await copyFile(databaseOf(folder), database, constants.COPYFILE_EXCL);
  }
  return { madeAt, restored: files.length + missing.length - lost.length, lost };
}

const [, , named] = process.argv;
try {
  if (named === undefined) throw new ConfigError('Which backup? npm run restore -- <folder of the backup>');
  const { madeAt, restored, lost } = await restore(readProcessConfig(), resolve(named));
  say(`\n  Restored the backup of ${madeAt}: the database and ${restored} files.`);
  if (lost.length > 0) say(`  ${lost.length} files are missing from the backup or damaged:`);
  for (const { root, path } of lost) say(`    ${root}/${path}`);
  say('  Run npm start to continue.\n');
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof AppError)) throw error;
  say(`\n  ${error.message}\n`);
  process.exitCode = 1;
}
