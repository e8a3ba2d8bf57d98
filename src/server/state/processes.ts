import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Processes, ProcessFacts } from '#src/ports/processes.ts';
import type { Clock } from '#src/ports/random.ts';

/** Over less time, the figure would jump. */
const MIN_SAMPLE_MS = 2000;
const ID = randomUUID();

type Deps = {
  clock: Clock;
  version: string;
  isLeader: () => boolean;
  /** Microseconds of processor time so far. */
  cpuUsage?: () => { user: number; system: number };
};

/** This process only. `countSockets` says how they are counted, once they can be opened. */
export function createProcesses(deps: Deps): Processes & { countSockets(count: () => number): void } {
  const { clock, version, isLeader, cpuUsage = () => process.cpuUsage() } = deps;
  const startedAt = clock.now();
  let sockets = () => 0;
  const sample = () => {
    const { user, system } = cpuUsage();
    return { at: clock.now(), cpuMs: (user + system) / 1000 };
  };
  let last = sample();
  let cpu = 0;

  /** Since it was last asked. */
  function load(): number {
    const now = sample();
    if (now.at - last.at < MIN_SAMPLE_MS) return cpu;
    cpu = (now.cpuMs - last.cpuMs) / (now.at - last.at);
    last = now;
    return cpu;
  }

  const own = (): ProcessFacts => ({
    id: ID,
    host: hostname(),
    pid: process.pid,
    version,
    startedAt,
    isLeader: isLeader(),
    cpu: load(),
    residentBytes: process.memoryUsage.rss(),
    sockets: sockets(),
  });
  return {
    list: () => [own()],
    countSockets(count) {
      sockets = count;
    },
  };
}
