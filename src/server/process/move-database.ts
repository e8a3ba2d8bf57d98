import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '#src/adapters/db/connection.ts';
import { migrate } from '#src/adapters/db/migrate.ts';
import { moveDatabase, toldAs } from '#src/adapters/db/move-database.ts';
import { AppError } from '#src/domain/errors.ts';
import { ConfigError, readProcessConfig } from '#src/env.ts';

const TELL_EVERY_ROWS = 20_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function move(target: string): Promise<void> {
  const { databaseUrl: source } = readProcessConfig();
  if (source === target) throw new ConfigError('That is the database of DATABASE_URL itself.');
  const from = await openDatabase(source);
  try {
    await migrate(from, `${root}/prisma`);
    let copied = 0;
    const rows = await moveDatabase(from, { source, target, prismaDir: `${root}/prisma` }, (more) => {
      if (Math.floor((copied + more) / TELL_EVERY_ROWS) > Math.floor(copied / TELL_EVERY_ROWS))
        say(`  ${copied + more} rows …`);
      copied += more;
    });
    say(`\n  ${rows} rows of ${toldAs(source)} are in ${toldAs(target)}, each compared.`);
    say('  Set DATABASE_URL to it, and run npm start. The old database was not changed.\n');
  } finally {
    await from.close();
  }
}

const [, , target] = process.argv;
try {
  if (target === undefined || !/^(file|postgres(ql)?):/.test(target))
    throw new ConfigError(
      'Where to? npm run move-database -- postgresql://user:password@host/name   (or file:/path/to/comfyume.db)',
    );
  await move(target);
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof AppError)) throw error;
  say(`\n  ${error.message}\n`);
  process.exitCode = 1;
}
