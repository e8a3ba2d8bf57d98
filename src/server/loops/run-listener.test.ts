import { afterEach, expect, test, vi } from 'vitest';
import type { RunReport } from '#src/domain/jobs/run-report.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { Listen } from '#src/ports/worker.ts';
import { createHeardReplicas } from '../state/heard-replicas.ts';
import { createRunListener } from './run-listener.ts';

const endpoint = (id: string): Endpoint => ({
  id,
  name: id,
  url: `http://${id}.example`,
  gpu: '',
  pricing: 'spot',
  capacity: 1,
  enabled: true,
  apiKeyVariable: null,
  origin: 'operator',
  place: 0,
  pricePerHour: null,
  deployment: null,
  listening: 'auto',
  keepWarmUntil: null,
  warmWorkflowId: null,
});
const watched = (id: string, endpointId: string, role: 'live' | 'duplicate' = 'live') => ({
  attempt: { id, endpointId, startedAt: null },
  job: { id: `job of ${id}`, userId: 'u' },
  role,
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function stage(listen: Listen) {
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const [take, end] = [vi.fn(), vi.fn()];
  const heard = vi.fn(async () => undefined);
  const listener = createRunListener({
    endpoints: { find: async (id) => endpoint(id) },
    listen,
    liveRuns: { take, of: () => null, end },
    heardReplicas: createHeardReplicas(),
    jobs: { heard },
    clock: { now: () => Date.now() },
    log,
  });
  listener.start();
  stops.push(() => listener.stop());
  return { listener, log, take, end, heard };
}

test('an address that no WebSocket can have keeps no other endpoint from being heard', async () => {
  let say: Parameters<Listen>[2]['message'] = () => undefined;
  const { listener, log } = stage(({ url }, _id, on) => {
    if (url.includes('broken')) throw new SyntaxError('The URL contains a fragment identifier');
    say = on.message;
    return { close: () => undefined };
  });
  const reports: RunReport[] = [];
  listener.follow(watched('a', 'broken'), () => undefined);
  listener.follow(watched('b', 'fine'), (report) => reports.push(report));
  await expect
    .poll(() => {
      say({ type: 'started', promptId: 'b' });
      return reports.length;
    })
    .toBeGreaterThan(0);
  expect(log.error).not.toHaveBeenCalled();
  expect(log.info).toHaveBeenCalledTimes(1);
});

test('what is said of attempts elsewhere is not believed', async () => {
  let say: Parameters<Listen>[2]['message'] | null = null;
  const { listener, take } = stage((_endpoint, _id, on) => {
    say ??= on.message;
    return { close: () => undefined };
  });
  const reports: RunReport[] = [];
  listener.follow(watched('a', 'one'), () => undefined);
  await expect.poll(() => say !== null).toBe(true);
  listener.follow(watched('b', 'two'), (report) => reports.push(report));
  say!({ type: 'ended', promptId: 'b', end: { type: 'interrupted' } });
  say!({ type: 'node', promptId: 'b', nodeId: '1' });
  expect([reports, take.mock.calls]).toEqual([[], []]);
});

test('what a replica says before its answer is known is taken then', async () => {
  let say: Parameters<Listen>[2]['message'] | null = null;
  const { listener, take } = stage((_endpoint, _id, on) => {
    say ??= on.message;
    return { close: () => undefined };
  });
  listener.follow(watched('a', 'one'), () => undefined);
  await expect.poll(() => say !== null).toBe(true);
  say!({ type: 'node', promptId: 'b', nodeId: '1' });
  for (let n = 0; n < 200; n += 1) say!({ type: 'node', promptId: `other ${n}`, nodeId: '1' });
  say!({ type: 'node', promptId: 'c', nodeId: '2' });
  listener.follow(watched('c', 'one'), () => undefined);
  listener.follow(watched('b', 'one'), () => undefined);
  expect(take.mock.calls).toEqual([
    [
      { id: 'job of c', userId: 'u' },
      { type: 'node', promptId: 'c', nodeId: '2' },
    ],
  ]);
});

test('a duplicate is heard, and shown from the time on when it is the attempt', async () => {
  let say: Parameters<Listen>[2]['message'] | null = null;
  const { listener, take, end } = stage((_endpoint, _id, on) => {
    say ??= on.message;
    return { close: () => undefined };
  });
  const reports: RunReport[] = [];
  const waits = listener.follow(watched('a', 'one'), () => undefined);
  const first = listener.follow(watched('b', 'one', 'duplicate'), (report) => reports.push(report));
  await expect.poll(() => say !== null).toBe(true);
  say!({ type: 'started', promptId: 'b' });
  say!({ type: 'node', promptId: 'b', nodeId: '1' });
  expect([reports, take.mock.calls]).toEqual([[{ type: 'started' }], []]);
  first.show();
  expect(take.mock.calls.map(([, message]) => message)).toEqual([
    { type: 'started', promptId: 'b' },
    { type: 'node', promptId: 'b', nodeId: '1' },
  ]);
  waits.stop();
  expect(end, 'of the attempt that it was nothing had been heard').not.toHaveBeenCalled();
  first.stop();
  expect(end).toHaveBeenCalledTimes(1);
});

test('a run whose socket was cut is listened for again, on further sockets, until it is heard', async () => {
  const opened: Parameters<Listen>[2][] = [];
  const { listener, end } = stage((_endpoint, _id, on) => {
    opened.push(on);
    queueMicrotask(on.open);
    return { close: () => undefined };
  });
  const run = listener.follow(watched('a', 'one'), () => undefined);
  run.started();
  await expect.poll(() => opened.length).toBe(1);
  opened[0]!.message({ type: 'node', promptId: 'a', nodeId: '1' });
  opened[0]!.close(true);
  await expect.poll(() => opened.length).toBe(3);
  run.stop();
  expect(end.mock.calls).toEqual([['job of a']]);
});

test('that a run was heard is stored once, whatever else is said of it', async () => {
  let say: Parameters<Listen>[2]['message'] | null = null;
  const { listener, heard } = stage((_endpoint, _id, on) => {
    say ??= on.message;
    return { close: () => undefined };
  });
  listener.follow(watched('a', 'one'), () => undefined);
  await expect.poll(() => say !== null).toBe(true);
  say!({ type: 'node', promptId: 'early', nodeId: '1' });
  expect(heard).not.toHaveBeenCalled();
  listener.follow(watched('early', 'one'), () => undefined);
  for (let value = 1; value < 20; value += 1) {
    say!({ type: 'step', promptId: 'a', nodeId: '1', value, max: 20 });
    say!({ type: 'step', promptId: 'early', nodeId: '1', value, max: 20 });
  }
  expect(heard.mock.calls).toEqual([['early'], ['a']]);
});

test('of a duplicate it is stored when it has become the attempt', async () => {
  let say: Parameters<Listen>[2]['message'] | null = null;
  const { listener, heard, take } = stage((_endpoint, _id, on) => {
    say ??= on.message;
    return { close: () => undefined };
  });
  const run = listener.follow({ ...watched('a', 'one'), role: 'duplicate' }, () => undefined);
  await expect.poll(() => say !== null).toBe(true);
  say!({ type: 'started', promptId: 'a' });
  expect([heard.mock.calls, take.mock.calls]).toEqual([[], []]);
  run.show();
  run.show();
  say!({ type: 'node', promptId: 'a', nodeId: '1' });
  expect(heard.mock.calls).toEqual([['a']]);
  expect(take).toHaveBeenCalledTimes(2);
});
