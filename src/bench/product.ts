import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from '#src/server/integration/testing/free-port.ts';
import { root } from './folder.ts';

const MAX_START_MS = 60_000;
/** `env` becomes what it starts. */
const AS_NPM_STARTS_IT = ['MALLOC_TRIM_THRESHOLD_=131072', process.execPath, '--max-semi-space-size=4'];

export type BenchProduct = {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to the first time that it said it was ready. */
  readonly readyAfterMs: number;
};

type Options = {
  readonly dataDir: string;
  readonly sfsDir: string;
  readonly endpoint: { readonly url: string; readonly capacity: number };
  readonly variables?: Readonly<Record<string, string>>;
};

/** Runs the built product as `npm start` does, in a process of its own, as long as `work` lasts. */
export async function withProduct<T>(options: Options, work: (product: BenchProduct) => Promise<T>): Promise<T> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  for (const name of ['outputs', 'inputs']) await mkdir(join(options.sfsDir, name), { recursive: true });
  const endpoints = join(options.dataDir, 'endpoints.json');
  await writeFile(endpoints, JSON.stringify([{ name: 'bench', ...options.endpoint }]));
  const variables = {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: options.dataDir,
    SFS_DIR: options.sfsDir,
    ENDPOINTS: endpoints,
    LOG_LEVEL: 'warn',
    UV_THREADPOOL_SIZE: '16',
    ...options.variables,
  };
  const envFile = join(options.dataDir, 'variables');
  await writeFile(
    envFile,
    Object.entries(variables)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
  );

  const began = performance.now();
  const child = spawn('env', [...AS_NPM_STARTS_IT, `--env-file=${envFile}`, 'scripts/start.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const exited = once(child, 'exit');
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  try {
    while (!(await isReady(url))) {
      if (child.exitCode !== null || performance.now() - began > MAX_START_MS)
        throw new Error(`The product did not start:\n${said}`);
      await sleep(5);
    }
    return await work({ url, pid: child.pid ?? 0, readyAfterMs: performance.now() - began });
  } catch (error) {
    if (said !== '') process.stderr.write(said);
    throw error;
  } finally {
    child.kill('SIGTERM');
    await exited;
    process.off('exit', endWithUs);
  }
}

const isReady = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/readyz`);
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
};

const answer = z.object({ result: z.object({ data: z.unknown() }) });

/** One tRPC mutation. */
export const call = (product: BenchProduct, token: string, path: string, input: unknown): Promise<unknown> =>
  ask(path, token, `${product.url}/api/trpc/${path}`, { method: 'POST', body: JSON.stringify(input) });

/** One tRPC query. */
export const query = (product: BenchProduct, token: string, path: string, input: unknown): Promise<unknown> =>
  ask(
    path,
    token,
    `${product.url}/api/trpc/${path}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`,
    {},
  );

async function ask(path: string, token: string, url: string, options: RequestInit): Promise<unknown> {
  const response = await fetch(url, {
    ...options,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return answer.parse(JSON.parse(text)).result.data;
}
