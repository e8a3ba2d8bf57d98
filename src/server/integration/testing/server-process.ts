import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { bundleServer, type ServerBundle } from './bundle.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const ENTRY = fileURLToPath(new URL('./server-main.ts', import.meta.url));

let bundled: Promise<ServerBundle> | null = null;
afterAll(async () => (await bundled)?.remove());

export type ServerProcess = {
  readonly url: string;
  /** Sends a signal and waits for the end. */
  end(
    signal: NodeJS.Signals,
  ): Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
};

async function launch(variables: Readonly<Record<string, string>>) {
  bundled ??= bundleServer('server', ENTRY);
  const child: ChildProcess = spawn(process.execPath, (await bundled).args, {
    cwd: ROOT,
    env: { NODE_ENV: 'test', HOST: '127.0.0.1', LOG_LEVEL: 'error', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (text) => {
    said.stdout += String(text);
  });
  child.stderr?.on('data', (text) => {
    said.stderr += String(text);
  });
  const closed = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode, ...said }));
  return { child, said, closed };
}

/** The server as a process of its own, with these environment variables and no others. */
export async function startServer(variables: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const { child, said, closed } = await launch(variables);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const found = /is ready: (\S+)/.exec(said.stdout)?.[1];
      if (found !== undefined) resolve(found);
    });
    closed.then(({ code, stderr }) => reject(new Error(`The server ended with ${code}: ${stderr}`)), reject);
  });
  return {
    url,
    end(signal) {
      child.kill(signal);
      return closed;
    },
  };
}

/** What a server says that cannot start. One that does start is a failure of the test. */
export async function refusedStart(
  variables: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stderr: string }> {
  const { child, closed } = await launch(variables);
  child.stdout?.on('data', (text) => {
    if (String(text).includes('is ready')) child.kill('SIGKILL');
  });
  const { code, stderr } = await closed;
  return { code, stderr };
}
