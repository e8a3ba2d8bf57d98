import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from './testing/until.ts';

const node = (file: URL) => [process.execPath, '--import', 'tsx', fileURLToPath(file)];
const SERVER = node(new URL('./testing/server-main.ts', import.meta.url));
const [UNSHARE = '', ...HANGING] = [
  'unshare',
  '-r',
  '-m',
  ...node(new URL('./testing/hanging-share.ts', import.meta.url)),
];
const canHang = spawnSync(UNSHARE, [...HANGING, tmpdir(), 'true']).status === 0;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-hanging-'));
  await mkdir(join(root, 'sfs'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

test.runIf(canHang)('a share that hangs holds up neither start nor health nor stop', { timeout: 90_000 }, async () => {
  const { PATH = '' } = process.env;
  const child = spawn(
    UNSHARE,
    [...HANGING, join(root, 'sfs'), 'sh', '-c', '"$@" & echo "pid $!"; wait', 'sh', ...SERVER],
    {
      env: {
        NODE_ENV: 'test',
        PATH,
        HOST: '127.0.0.1',
        PORT: '0',
        DATA_DIR: join(root, 'data'),
        SFS_DIR: join(root, 'sfs'),
        ENDPOINTS: '[{"name":"Gone","url":"http://127.0.0.1:9"}]',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => {
      said += String(piece);
    });
  const closed = once(child, 'close');
  const heard = (pattern: RegExp) => until(`${pattern} in: ${said}`, () => pattern.exec(said)?.[1]);
  const pid = Number(await heard(/^pid (\d+)$/m));
  try {
    const url = await heard(/is ready: (\S+)/);
    for (let n = 0; n < 8; n += 1) {
      const response = await fetch(`${url}/readyz`);
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({
        ok: false,
        faults: [`The shared file system cannot be read at ${join(root, 'sfs/outputs')}. (no answer within 2 s)`],
      });
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    await heard(/(\(fuse from hanging\) gave no answer within 5 s)/);
    process.kill(pid, 'SIGTERM');
    await closed;
    expect(said).toContain('Stopping (SIGTERM)');
  } finally {
    if (child.exitCode === null) process.kill(pid, 'SIGKILL');
  }
});
