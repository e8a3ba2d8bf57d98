import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createArrival } from './arrival.ts';
import { job as anyJob, result } from './job.testing.ts';
import { inside } from './json.ts';
import { createLive } from './live.ts';
import type { ServerJob } from './server.ts';
import { newTab } from './tab.testing.ts';

const CLASSES: Record<string, string> = { 4: 'CheckpointLoaderSimple', 9: 'SaveImage', 12: 'Subgraph' };
const PROMPT = Object.fromEntries(['4', '9'].map((id) => [id, { class_type: CLASSES[id], inputs: {} }]));
const running = (id: string, over: Partial<ServerJob> = {}): ServerJob =>
  anyJob({ id, status: 'running', phase: 'rendering', endedAt: null, results: [], ...over });
const at = (nodeId: string, step?: readonly [value: number, max: number]): ServerJob['live'] => ({
  node: { id: nodeId, label: nodeId, classType: nodeId, isLoader: false },
  step: step ? { value: step[0], max: step[1], endsAt: null } : null,
  done: 0,
  nodes: 3,
});
const PICTURE = { nodeId: '3', url: 'data:image/png;base64,aGk=' };

let tab: ReturnType<typeof newTab>;
beforeEach(() => {
  tab = newTab();
});
afterEach(() => void vi.unstubAllGlobals());

/** A page with its jobs, and what its front end is told in one line each. */
function openPage() {
  let known: readonly ServerJob[] = [];
  let open = 'w1';
  const told: string[] = [];
  const looks = new Map<string, (preview: typeof PICTURE) => void>();
  const say = (detail: unknown, ...keys: string[]): string => keys.map((key) => String(inside(detail, key))).join(' ');
  function words(type: string, detail: unknown): string {
    if (type === 'executing') return `executing ${detail}`;
    if (type === 'progress') return `progress ${say(detail, 'node', 'value', 'max')}`;
    if (type === 'b_preview_with_metadata') return `preview ${say(detail, 'jobId', 'displayNodeId')}`;
    if (type === 'b_preview') return detail instanceof Blob ? `b_preview ${detail.type} ${detail.size}` : 'no picture';
    if (type !== 'progress_state') return type;
    const nodes = Object.entries(Object(inside(detail, 'nodes')));
    const states = nodes.map(([id, node]) => `${id} ${say(node, 'state', 'value', 'max')}`);
    return `state ${[say(detail, 'prompt_id'), ...states].join(', ')}`;
  }
  const comfy = {
    openGraph: () => ({ id: open, typeOf: (id: string) => CLASSES[id] ?? null }),
    redraw: () => undefined,
    tell: (type: string, detail: unknown) => void told.push(words(type, detail)),
  };
  const book = {
    jobs: () => known,
    alive: () => known.filter(({ endedAt }) => endedAt === null),
    graph: async () => ({ prompt: PROMPT, workflow: { id: 'w1' } }),
    madeFrom: async () => [],
  };
  const live = createLive(comfy, (id, take) => {
    looks.set(id, take);
    return () => void looks.delete(id);
  });
  const files = { know: () => undefined, ready: async () => undefined, textOf: () => undefined };
  const refusals = { isRefused: () => false, raise: () => true };
  const arrival = createArrival(
    comfy,
    book,
    files,
    refusals,
    live,
    async () => new Response(),
    () => 0,
  );
  const news = (): string[] => told.splice(0).filter((words) => words !== 'status');
  return {
    arrival,
    looks,
    news,
    /** The list was read. */
    async read(...jobs: ServerJob[]): Promise<string[]> {
      const before = known;
      known = jobs;
      await arrival.follow(before, jobs);
      return news();
    },
    /** How far a run is was heard. */
    async hears(id: string, heard: ServerJob['live']): Promise<string[]> {
      known = known.map((job) => (job.id === id ? { ...job, live: heard } : job));
      arrival.moved();
      await arrival.follow(known, known);
      return news();
    },
    async opens(id: string): Promise<string[]> {
      open = id;
      arrival.forget();
      await arrival.again();
      return news();
    },
  };
}

describe('how far a run is, as ComfyUI’s own server would say', () => {
  test('the node that runs, its steps, the next node; then the end as always', async () => {
    const { read, hears } = openPage();
    expect(await read(running('j1'))).toEqual(['execution_start']);
    expect(await hears('j1', at('4'))).toEqual(['state j1, 4 running 0 1', 'executing 4']);
    expect(await hears('j1', at('3', [1, 20]))).toEqual(['state j1, 3 running 1 20', 'executing 3', 'progress 3 1 20']);
    expect(await hears('j1', at('3', [2, 20]))).toEqual(['state j1, 3 running 2 20', 'progress 3 2 20']);
    expect(await hears('j1', at('3', [2, 20]))).toEqual([]);
    expect(await hears('j1', { ...at('3')!, node: null, step: null })).toEqual(['state j1']);
    expect(await read(anyJob({ id: 'j1' }))).toEqual(['executed', 'execution_success', 'executing null']);
  });

  test('where nothing is heard, what is shown without: which nodes have files', async () => {
    const { read } = openPage();
    await read(running('j1'));
    expect(await read(running('j1', { results: [result()] }))).toEqual(['executed', 'state j1, 9 finished 1 1']);
  });

  test('nodes with files have finished, but for the one that runs on', async () => {
    const { read } = openPage();
    await read(running('j1'));
    const results = [result(), result({ id: 'r2', nodeId: '4' })];
    expect((await read(running('j1', { results, live: at('4') }))).at(-2)).toBe(
      'state j1, 4 running 0 1, 9 finished 1 1',
    );
  });

  test('nodes inside a subgraph are named by the way to them', async () => {
    const { read } = openPage();
    expect(await read(running('j1', { live: at('12:3', [4, 8]) }))).toEqual([
      'execution_start',
      'state j1, 12:3 running 4 8',
      'executing 12:3',
      'progress 12:3 4 8',
    ]);
  });

  test('on its own graph only, and there again', async () => {
    const { read, opens } = openPage();
    await read(running('j1', { live: at('4') }));
    expect(await opens('w2')).toEqual(['state j1']);
    expect(await opens('w1')).toEqual(['state j1, 4 running 0 1', 'executing 4']);
  });

  test('of two runs the newest that is heard, and the other again when it has ended', async () => {
    const { read, hears } = openPage();
    const [first, second] = [running('j1', { live: at('4') }), running('j2')];
    await read(first);
    expect(await read(second, first)).toEqual(['execution_start']);
    expect(await hears('j2', at('9'))).toEqual(['state j2, 9 running 0 1', 'executing 9']);
    const news = await read(anyJob({ id: 'j2', results: [] }), first);
    expect(news).toEqual([
      'execution_success',
      'executing null',
      'execution_start',
      'state j1, 4 running 0 1',
      'executing 4',
    ]);
  });
});

describe('preview pictures', () => {
  test('come while the run is shown, and go to its node', async () => {
    const { read, looks, news } = openPage();
    await read(running('j1'));
    expect([...looks.keys()]).toEqual([]);
    await read(running('j1', { live: at('4') }));
    looks.get('j1')?.(PICTURE);
    expect(news()).toEqual(['preview j1 3', 'b_preview image/png 2']);
    await read(anyJob({ id: 'j1' }));
    expect([...looks.keys()]).toEqual([]);
  });

  test('do not come to a tab that nobody sees, where motion is unwanted, or where another graph is open', async () => {
    const { read, looks, opens } = openPage();
    await read(running('j1', { live: at('4') }));
    const isLooking = (): boolean => looks.has('j1');
    expect(isLooking()).toBe(true);
    tab.show(false);
    expect(isLooking()).toBe(false);
    tab.show(true);
    tab.calm(true);
    expect(isLooking()).toBe(false);
    tab.calm(false);
    expect(isLooking()).toBe(true);
    await opens('w2');
    expect(isLooking()).toBe(false);
  });
});
