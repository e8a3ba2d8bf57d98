import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export type Product = {
  readonly url: string;
  /** All that it has written to the terminal so far. */
  said(): string;
  /** Gives the exit code, or null when it was killed. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** Starts the built product as `npm start` does, with these variables and none of the machine's own. */
export async function startProduct(variables: Readonly<Record<string, string>>): Promise<Product> {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    env: { NODE_ENV: 'production', PATH, HOME, TMPDIR, PORT: '0', LOG_LEVEL: 'warn', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const ready = /comfyume is ready: (\S+)[\s\S]*Ctrl-C/.exec(said)?.[1];
      if (ready) resolve(ready);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The product did not start (exit ${code}):\n${said}`)));
  });
  return {
    url,
    said: () => said,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}
