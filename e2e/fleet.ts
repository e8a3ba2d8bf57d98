import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { FleetControl } from '#src/simulator/fleet-control.ts';
import type { FleetOptionsInput } from '#src/simulator/options.ts';
import { root } from './product.ts';

const ready = z.object({ url: z.url(), control: z.url() });

/** Simulated GPUs from the built simulator: the one from the sources compiles itself in every replica. Ends when this process does. */
export async function startFleet(options: FleetOptionsInput) {
  const child = spawn(process.execPath, [join(root, 'dist/simulator/main.js'), JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(([code]) => {
      throw new Error(`The simulated fleet did not start (exit ${code}).`);
    }),
  ]);
  const { url, control } = ready.parse(JSON.parse(line));
  return {
    url,
    control: new FleetControl(control),
    stop: async (): Promise<void> => {
      child.kill();
      await exited;
    },
  };
}
