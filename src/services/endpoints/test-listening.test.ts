import { expect, test } from 'vitest';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { Listen } from '#src/ports/worker.ts';
import { testListening } from './test-listening.ts';

const endpoint: Endpoint = {
  id: 'e',
  name: 'Room 1',
  url: 'http://gpu.example',
  gpu: '',
  pricing: 'spot',
  capacity: 2,
  enabled: true,
  apiKeyVariable: null,
  origin: 'operator',
  place: 0,
  pricePerHour: null,
  deployment: null,
  listening: 'auto',
  keepWarmUntil: null,
  warmWorkflowId: null,
};

type Fleet = {
  /** How long each job takes until its file is there, ms, one after the other; the last one counts for all others. */
  readonly takes?: readonly number[];
  /** How many connections there must be for a job to be heard; and how much later than its file. */
  readonly heardFrom?: number;
  readonly heardLateMs?: number;
  /** How many connections are let in. */
  readonly letsIn?: number;
  readonly replicas?: (connections: number) => number;
};

/** An endpoint whose time passes only while somebody waits. */
function stage({ takes = [500], heardFrom = 1, heardLateMs = 0, letsIn = 99, replicas }: Fleet) {
  let now = 1_000_000;
  const due: { at: number; what(): void }[] = [];
  const after = (ms: number, what: () => void): void => void due.push({ at: now + ms, what });
  const files = new Set<string>();
  const sockets = new Set<Parameters<Listen>[2]>();
  const sent: { clientId: string; listening: string; connections: number }[] = [];
  const stopped: string[] = [];
  let ids = 0;
  const deps = {
    clock: { now: () => now },
    random: { id: () => `id ${++ids}` },
    settings: { read: async () => ({ startBudgetMs: 600_000 }) },
    share: { list: async (folder: string) => ({ files: files.has(folder) ? [FILE] : [], leftOut: [] }) },
    platformBoard: {
      replicas: () => (replicas ? { running: replicas(sockets.size), starting: 0, seenAt: now - (now % 5000) } : null),
    },
    stopAttempt: ({ id }: { id: string }) => void stopped.push(id),
    worker: {
      async fire({ id, listening }: Endpoint, { promptId }: { promptId: string }) {
        const ms = takes[Math.min(sent.length, takes.length - 1)] ?? 0;
        sent.push({ clientId: id, listening, connections: sockets.size });
        after(ms, () => files.add(`comfyume/${promptId}`));
        const on = [...sockets][0];
        if (on && sockets.size >= heardFrom) after(ms + heardLateMs, () => on.message({ type: 'started', promptId }));
        return { type: 'accepted' as const, httpStatus: 200, nodeErrors: {} };
      },
    },
    listen: ((_endpoint, _clientId, on) => {
      const isIn = sockets.size < letsIn;
      queueMicrotask(() => {
        if (isIn) {
          sockets.add(on);
          on.open();
        } else on.close(false);
      });
      return { close: () => void sockets.delete(on) };
    }) satisfies Listen,
    async wait(ms: number) {
      now += ms;
      for (const { at, what } of due.splice(0)) {
        if (at <= now) what();
        else due.push({ at, what });
      }
    },
  };
  return { deps, sent, stopped, sockets };
}
const FILE = { path: '_started_00001_.png', bytes: 70, mtimeMs: 0 };
const never = new AbortController().signal;

async function tested(fleet: Fleet) {
  const { deps, ...seen } = stage(fleet);
  const report = await testListening(deps, endpoint, () => undefined, never);
  return { ...seen, report };
}

test('one job without and one with it; the second is sent with an id of its own, and all connections are closed', async () => {
  const { report, sent, stopped, sockets } = await tested({});
  expect(report).toEqual({
    off: { startMs: null, job: { type: 'done', tookMs: 500, isHeard: false } },
    on: { job: { type: 'done', tookMs: 500, isHeard: true }, connections: 2, isRefused: false, newReplicas: null },
  });
  expect(sent).toMatchObject([
    { listening: 'off', connections: 0 },
    { listening: 'on', connections: 2 },
  ]);
  expect(sent[1]?.clientId).not.toBe('e');
  expect([stopped, sockets.size]).toEqual([[], 0]);
});

test('after a cold start the usual time is measured with another job', async () => {
  const { report, sent } = await tested({ takes: [240_000, 750] });
  expect(report.off).toEqual({ startMs: 240_000, job: { type: 'done', tookMs: 750, isHeard: false } });
  expect(sent.map(({ listening }) => listening)).toEqual(['off', 'off', 'on']);
});

test('what was not heard is tried again with more connections, three times in all', async () => {
  const third = await tested({ heardFrom: 6 });
  expect(third.sent.map(({ connections }) => connections)).toEqual([0, 2, 4, 6]);
  expect(third.report.on?.job).toMatchObject({ isHeard: true });
  const none = await tested({ heardFrom: 99 });
  expect(none.sent).toHaveLength(4);
  expect(none.report.on?.job).toMatchObject({ type: 'done', isHeard: false });
});

test('a word that comes a little later than the file counts', async () => {
  const { report, sent } = await tested({ heardLateMs: 750 });
  expect(report.on?.job).toEqual({ type: 'done', tookMs: 500, isHeard: true });
  expect(sent).toHaveLength(2);
});

test('a refusal ends the opening of connections, and the job is sent all the same', async () => {
  const { report, sent } = await tested({ letsIn: 1, heardFrom: 99 });
  expect(report.on).toMatchObject({ job: { type: 'done', isHeard: false }, connections: 1, isRefused: true });
  expect(sent).toHaveLength(2);
});

test('what does not start in time is stopped; without it nothing else is tried', async () => {
  const { report, sent, stopped } = await tested({ takes: [Number.POSITIVE_INFINITY] });
  expect(report).toEqual({ off: { startMs: null, job: { type: 'not_started', afterMs: 600_000 } }, on: null });
  expect([sent.length, stopped]).toEqual([1, ['id 1']]);
});

test('with it, a job is waited for in proportion to the one before, and all is closed again', async () => {
  const { report, stopped, sockets } = await tested({ takes: [500, Number.POSITIVE_INFINITY] });
  expect(report.on?.job).toEqual({ type: 'not_started', afterMs: 30_000 });
  expect([stopped.length, sockets.size]).toEqual([1, 0]);
});

test('replicas that connections have started are counted once the platform was looked at again', async () => {
  const { report } = await tested({ replicas: (connections) => 1 + connections });
  expect(report.on?.newReplicas).toBe(2);
});
