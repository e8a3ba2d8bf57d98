import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';
const STOP_MS = 10_000;

/** Where Debian puts its programs: the newest version's folder, or null. */
export function postgresqlPrograms() {
  try {
    const [newest] = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
    return newest ? join(DEBIAN, newest, 'bin') : null;
  } catch {
    return null;
  }
}

/** PostgreSQL refuses to run as root. */
function ownUser() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** A server of its own in a folder of its own, for tests: nothing has to outlive it, so nothing has to reach the disk. Gives null where PostgreSQL is not installed. */
export async function startPostgresql() {
  const programs = postgresqlPrograms();
  if (programs === null) return null;
  const user = ownUser();
  const folder = mkdtempSync(join(tmpdir(), 'comfyume-postgresql-'));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const options = { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' }, ...user };
  const data = join(folder, 'data');
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'comfyume', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...options, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`PostgreSQL could not be set up: ${made.error?.message ?? made.stderr}`);

  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: 500,
    shared_buffers: '64MB',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  };
  let child = null;
  let ended = Promise.resolve();
  const start = () =>
    new Promise((resolve, reject) => {
      let said = '';
      child = spawn(
        join(programs, 'postgres'),
        ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
        { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
      );
      ended = new Promise((over) => child.once('exit', over));
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
      child.stderr.on('data', (text) => {
        said = `${said}${text}`.slice(-10_000);
        if (said.includes('ready to accept connections')) resolve(undefined);
      });
    });
  /** At once, as after a power cut. */
  const halt = async () => {
    child.kill('SIGQUIT');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  };
  await start();
  return {
    url: `postgresql://comfyume@127.0.0.1:${port}/postgres`,
    start,
    halt,
    async stop() {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
