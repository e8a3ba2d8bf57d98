import { describe, expect, test } from 'vitest';
import type { ResultView } from '#src/api/views.ts';
import { EVERYTHING } from '../filters/filter.ts';
import { createList, type ReadPage } from './result-list.ts';
import { createResultStore } from './result-store.ts';

const result = (n: number): ResultView => ({
  id: `r${String(n).padStart(4, '0')}`,
  jobId: `j${n}`,
  nodeId: '1',
  filename: `${n}.png`,
  kind: 'image',
  mime: 'image/png',
  bytes: 1,
  sha256: '',
  width: 3,
  height: 2,
  duration: null,
  codecs: null,
  url: '',
  thumbUrl: null,
  storyboardUrl: null,
  waveformUrl: null,
  proxyUrl: null,
  cleanUrl: null,
  workflowUrl: '',
  apiWorkflowUrl: '',
  createdAt: new Date(n * 1000).toISOString(),
  title: '',
  familyId: `j${n}`,
  model: null,
  seed: null,
  prompt: null,
  favourite: false,
  rating: 0,
  rejected: false,
  onWall: false,
  removedAt: null,
  preview: false,
  unfinished: false,
});

/** A server with the results 1 to `count`, whose answers can be held back. */
function server(count: number) {
  let held: Promise<void> | null = null;
  let letGo = (): void => {};
  const at = { count, fails: false };
  const read: ReadPage = async (_, cursor, limit) => {
    const before = cursor === null ? at.count + 1 : Number(cursor);
    const ids = Array.from({ length: Math.min(limit, before - 1) }, (_, i) => before - 1 - i);
    const fails = at.fails;
    await held;
    if (fails) throw new Error('away');
    const last = ids.at(-1);
    return { items: ids.map(result), nextCursor: last === undefined || last === 1 ? null : String(last) };
  };
  return {
    at,
    read,
    hold: () => {
      held = new Promise((resolve) => {
        letGo = resolve;
      });
    },
    answer: () => {
      held = null;
      letGo();
    },
  };
}
const ids = (list: ReturnType<typeof createList>): string[] =>
  list.state().pages.flatMap(({ entries }) => entries.map(({ id }) => id));
const wanted = (from: number, to: number): string[] =>
  Array.from({ length: from - to + 1 }, (_, i) => `r${String(from - i).padStart(4, '0')}`);

describe('a list', () => {
  test('reads page after page to the end, once each', async () => {
    const { read } = server(300);
    const list = createList(EVERYTHING, read);
    await Promise.all([list.more(), list.more()]);
    expect(ids(list)).toEqual(wanted(300, 241));
    await list.more();
    await list.more();
    expect(ids(list)).toEqual(wanted(300, 1));
    expect(list.state()).toMatchObject({ status: 'ready', hasMore: false, reading: false });
  });

  test('what arrives while the first page is being read is not missed', async () => {
    const { at, read, hold, answer } = server(3);
    const list = createList(EVERYTHING, read);
    hold();
    const reading = list.more();
    at.count = 4;
    expect(await list.takeNewest()).toBe(0);
    answer();
    await reading;
    expect(ids(list)).toEqual(wanted(4, 1));
  });

  test('what arrives, and what is taken out, while an older page is being read stays so', async () => {
    const { at, read, hold, answer } = server(100);
    const list = createList(EVERYTHING, read);
    await list.more();
    hold();
    const older = list.more();
    answer();
    at.count = 101;
    list.takeOut(new Set(['r0100']));
    expect(await list.takeNewest()).toBeGreaterThan(0);
    await older;
    expect(ids(list)[0]).toBe('r0101');
    expect(new Set(ids(list)).size).toBe(ids(list).length);
  });

  test('however many arrive, none is left out', async () => {
    const { at, read } = server(10);
    const list = createList(EVERYTHING, read);
    await list.more();
    at.count = 500;
    expect(await list.takeNewest()).toBe(490);
    expect(ids(list)).toEqual(wanted(500, 1));
  });

  test('a first read that failed is repeated with the next event', async () => {
    const { at, read } = server(2);
    const list = createList(EVERYTHING, read);
    at.fails = true;
    await list.more();
    expect(list.state().status).toBe('failed');
    at.fails = false;
    await list.takeNewest();
    expect(ids(list)).toEqual(wanted(2, 1));
  });
});

describe('the store', () => {
  test('keeps what was asked for last, and not more than it may', () => {
    const store = createResultStore(10, 5);
    store.put(Array.from({ length: 10 }, (_, i) => result(i)));
    expect(store.missing(['r0000', 'r0099'])).toEqual(['r0099']);
    store.put([result(10)]);
    expect(store.get('r0000')).toBeDefined();
    expect(store.get('r0010')).toBeDefined();
    expect(store.get('r0001')).toBeUndefined();
  });

  test('what may have changed is still shown, and read again', () => {
    const store = createResultStore();
    store.put([result(1)]);
    store.expire();
    expect(store.get('r0001')).toBeDefined();
    expect(store.missing(['r0001'])).toEqual(['r0001']);
    store.put([result(1)]);
    expect(store.missing(['r0001'])).toEqual([]);
  });
});
