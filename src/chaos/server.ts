import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { bundleServer } from './bundle.ts';
import { jsonOf } from './json.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = fileURLToPath(new URL('./server-main.ts', import.meta.url));
const ERROR = 50;

const logLine = z.object({
  level: z.int(),
  msg: z.string(),
  what: z.string().optional(),
  err: z.unknown().optional(),
});

export type ChaosServer = {
  start(): Promise<string>;
  kill(): Promise<void>;
  removeBundle(): Promise<void>;
  starts(): number;
  /** What no fault explains. */
  readonly unexplained: readonly string[];
  /** Rejects when it ends and nobody has killed it. */
  readonly gone: Promise<never>;
  /** Its whole log. */
  readonly log: readonly string[];
  /** What it logged, and how often. */
  readonly said: ReadonlyMap<string, number>;
};

/** Our server, which is killed and started again on the same data and port. */
export async function createServer(variables: Readonly<Record<string, string>>): Promise<ChaosServer> {
  const bundle = await bundleServer('chaos', ENTRY);
  const unexplained: string[] = [];
  const log: string[] = [];
  const said = new Map<string, number>();
  let child: ChildProcess | null = null;
  let isGone: (error: Error) => void = () => undefined;
  const gone = new Promise<never>((_, reject) => {
    isGone = reject;
  });
  // Before anybody waits for it a failed start tells the same.
  gone.catch(() => undefined);
  let isWanted = false;
  let port = '0';
  let starts = 0;

  function hear(line: string): void {
    log.push(line);
    const parsed = logLine.safeParse(jsonOf(line));
    if (!parsed.success) {
      // What begins like a log line and is none was cut off by a kill.
      if (line.trim() !== '' && !line.startsWith('{')) unexplained.push(`The server said: ${line.trim()}`);
      return;
    }
    const { level, msg, what, err } = parsed.data;
    said.set(msg, (said.get(msg) ?? 0) + 1);
    // What its system check finds is no fault of its own.
    if (level >= ERROR && what === undefined)
      unexplained.push(`The server logged an error: ${msg} ${JSON.stringify(err ?? '').slice(0, 600)}`);
  }

  async function start(): Promise<string> {
    isWanted = true;
    starts += 1;
    const own = spawn(process.execPath, bundle.args, {
      cwd: ROOT,
      env: { NODE_ENV: 'test', HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...variables, PORT: port },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child = own;
    own.once('exit', (code, signal) => {
      if (isWanted) isGone(new Error(`The server ended by itself (code ${code}, signal ${signal}).`));
    });
    createInterface({ input: own.stderr }).on('line', hear);
    const lines = createInterface({ input: own.stdout });
    const [line] = await Promise.race([once(lines, 'line'), once(own, 'exit').then(() => [''])]);
    const url = z.url().safeParse(line).data;
    if (url === undefined) throw new Error(`The server did not start: ${unexplained.slice(-20).join('\n')}`);
    port = new URL(url).port;
    return url;
  }

  async function kill(): Promise<void> {
    const own = child;
    isWanted = false;
    child = null;
    if (!own || own.exitCode !== null || own.signalCode !== null) return;
    const ended = once(own, 'exit');
    own.kill('SIGKILL');
    await ended;
  }

  return { start, kill, removeBundle: bundle.remove, starts: () => starts, unexplained, gone, log, said };
}
