import { expect, test, vi } from 'vitest';
import { createBus } from '#src/adapters/events/bus.ts';
import type { Result } from '#src/ports/results.ts';
import { createThumbnailWorker } from './thumbnail-worker.ts';

const result = (id: string): Result => ({
  ...{ id, userId: 'anna', jobId: 'j', nodeId: '9', path: `anna/${id}.png`, bytes: 1, sha256: 'abc', deliveredAt: 0 },
  ...{ kind: 'image', mime: 'image/png', width: 1, height: 1, duration: null, codecs: null },
  ...{
    title: '',
    familyId: 'j',
    model: null,
    seed: null,
    prompt: null,
    givenName: null,
    favourite: false,
    rating: 0,
    rejected: false,
    wallAt: null,
    removedAt: null,
    preview: false,
    unfinished: false,
    blake3: null,
  },
});

function stage(thumbnail: (id: string) => Promise<string | null>) {
  const bus = createBus((error) => {
    throw error;
  });
  const warnings: string[] = [];
  const prepare = vi.fn();
  const worker = createThumbnailWorker({
    bus,
    results: { find: async (id) => (id === 'gone' ? null : result(id)) },
    gallery: { prepare, thumbnail, close: async () => undefined },
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (_, message) => void warnings.push(message),
      error: () => undefined,
    },
  });
  worker.start();
  let id = 0;
  const arrive = (resultId: string) => {
    id += 1;
    bus.announce({ type: 'stored', event: { id, userId: 'anna', type: 'result.added', jobId: 'j', resultId } });
  };
  const send = () =>
    bus.announce({
      type: 'job.moved',
      jobId: 'j',
      userId: 'u',
      to: 'dispatched',
      isNew: false,
      now: 0,
      createdAt: 0,
      startedAt: null,
      attemptCount: 1,
    });
  return { worker, arrive, send, prepare, warnings };
}

test('each arrival gets its thumbnail, two at a time, whatever happens to the others', async () => {
  const made: string[] = [];
  let busy = 0;
  let most = 0;
  const { worker, arrive, warnings } = stage(async (id) => {
    busy += 1;
    most = Math.max(most, busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy -= 1;
    if (id === 'r3') throw new Error('the disk is full');
    made.push(id);
    return null;
  });
  for (const id of ['r1', 'gone', 'r2', 'r3', 'r4', 'r5']) arrive(id);
  await expect.poll(() => made.length).toBe(4);
  expect(made.sort()).toEqual(['r1', 'r2', 'r4', 'r5']);
  expect(most).toBe(2);
  expect(warnings).toEqual(['could not create the thumbnail of a new result']);
  await worker.stop();
});

test('at the end those in the queue are left, and later ones are not heard', async () => {
  const made: string[] = [];
  const finish: (() => void)[] = [];
  const { worker, arrive } = stage(async (id) => {
    made.push(id);
    await new Promise<void>((resolve) => {
      finish.push(resolve);
    });
    return null;
  });
  for (const id of ['r1', 'r2', 'r3']) arrive(id);
  await expect.poll(() => made.length).toBe(2);
  const stopped = worker.stop();
  arrive('r4');
  for (const end of finish) end();
  await stopped;
  expect(made).toEqual(['r1', 'r2']);
});

test('what reads pictures is started when a job is sent', async () => {
  const { worker, arrive, send, prepare } = stage(async () => null);
  arrive('r1');
  expect(prepare).not.toHaveBeenCalled();
  send();
  expect(prepare).toHaveBeenCalledOnce();
  await worker.stop();
});
