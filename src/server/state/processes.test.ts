import { expect, test } from 'vitest';
import { createProcesses } from './processes.ts';

test('the load of a process is that since it was last asked, over two seconds at least', () => {
  let [now, user] = [1000, 0];
  const processes = createProcesses({
    clock: { now: () => now },
    version: '1.2.3',
    isLeader: () => true,
    cpuUsage: () => ({ user, system: 0 }),
  });
  processes.countSockets(() => 4);
  const own = () => processes.list()[0];
  expect(own()).toMatchObject({
    version: '1.2.3',
    isLeader: true,
    startedAt: 1000,
    sockets: 4,
    pid: process.pid,
    cpu: 0,
  });
  [now, user] = [3000, 1_000_000];
  expect(own()?.cpu).toBe(0.5);
  [now, user] = [4000, 2_000_000];
  expect(own()?.cpu).toBe(0.5);
  [now, user] = [7000, 2_000_000];
  expect(own()?.cpu).toBe(0.25);
});
