import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export type ServerProcess = {
  readonly url: string;
  /** Sends a signal and waits for the end. */
  end(
    signal: NodeJS.Signals,
  ): Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
};

function launch(variables: Readonly<Record<string, string>>) {
  // Optimizing Prisma's WebAssembly would take a third of a start.
  const args = ['--liftoff-only', join(inject('programs'), 'test-server.js')];
  const child: ChildProcess = spawn(process.execPath, args, {
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
  const { child, said, closed } = launch(variables);
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
  const { child, closed } = launch(variables);
  child.stdout?.on('data', (text) => {
    if (String(text).includes('is ready')) child.kill('SIGKILL');
  });
  const { code, stderr } = await closed;
  return { code, stderr };
}
