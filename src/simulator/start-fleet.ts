import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { FleetControl } from './fleet-control.ts';
import type { FleetOptionsInput } from './options.ts';

const readySchema = z.object({ url: z.url(), control: z.url() });

export type RunningFleet = { url: string; control: FleetControl; pid: number; stop(): Promise<void> };

/** The bundle with this code can be in, above or beside the folder of the simulator's own bundles. */
function mainFile(candidates: readonly string[]): string {
  const files = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  const found = files.find((file) => /[\\/]simulator[\\/]main\.\w+$/.test(file) && existsSync(file));
  if (!found) throw new Error(`The simulator is not built: there is none of ${files.join(', ')}.`);
  return found;
}

/**
 * Starts a simulated endpoint as a process of its own. It ends with `stop`, and by itself when this process is gone.
 * `logTo` gets what the fleet writes to stderr; without it that is dropped.
 */
export async function startFleet(options: FleetOptionsInput, logTo?: (line: string) => void): Promise<RunningFleet> {
  const isSource = import.meta.url.endsWith('.ts');
  const main = mainFile(isSource ? ['./main.ts'] : ['./main.js', './simulator/main.js', '../simulator/main.js']);
  const loader = isSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [];
  const child = spawn(process.execPath, [...loader, main, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (said.length < 50) said.push(line);
    logTo?.(line);
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`The simulated fleet did not start (exit ${code}):\n${said.join('\n')}`)),
    );
  });
  const { url, control } = readySchema.parse(JSON.parse(line));
  return {
    url,
    control: new FleetControl(control),
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
