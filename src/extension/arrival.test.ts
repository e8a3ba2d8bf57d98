import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createArrival } from './arrival.ts';
import { job as anyJob, result } from './job.testing.ts';
import { createLive } from './live.ts';
import { createRefusals } from './refusals.ts';
import type { ServerJob } from './server.ts';
import { newStore, newTab } from './tab.testing.ts';

const PROMPT = { 9: { class_type: 'SaveImage', inputs: {} } };
const REFUSED: Pick<ServerJob, 'reason' | 'nodeErrors'> = {
  reason: 'rejected_by_worker',
  nodeErrors: {
    4: {
      class_type: 'CheckpointLoaderSimple',
      dependent_outputs: ['9'],
      errors: [
        {
          type: 'value_not_in_list',
          message: 'Value not in list',
          details: "ckpt_name: 'x' not in []",
          extra_info: { input_name: 'ckpt_name', input_config: [[], {}], received_value: 'x' },
        },
      ],
    },
  },
};

const job = (over: Partial<ServerJob> = {}): ServerJob => anyJob({ results: [], ...over });
const queued = job({ status: 'queued', phase: 'waiting', startedAt: null, endedAt: null });
const waking = job({ status: 'dispatched', phase: 'waking', startedAt: null, endedAt: null });
const running = job({ status: 'running', phase: 'rendering', endedAt: null });
const done = job({ results: [result()] });
const failed = job({ status: 'failed', phase: 'failed', reason: 'execution_error', message: 'KSampler stopped.' });
const refusedJob = job({ status: 'failed', phase: 'failed', startedAt: null, message: 'It is not there.', ...REFUSED });

function openPage({ open = 'w1', canRun = true, older = [] as ServerJob[] } = {}) {
  const page = { open, pressed: false };
  let known: readonly ServerJob[] = [];
  const told: string[] = [];
  const runs: number[] = [];
  const comfy = {
    openGraph: () => ({ id: page.open, typeOf: (id: string) => (id === '9' ? 'SaveImage' : 'CheckpointLoaderSimple') }),
    redraw: () => undefined,
    tell: (type: string, detail: unknown) => {
      told.push(type === 'executing' ? `executing ${detail}` : type);
    },
    runAgain: (number: number) => {
      if (canRun) runs.push(number);
      return canRun;
    },
  };
  const book = {
    jobs: () => known,
    alive: () => known.filter(({ endedAt }) => endedAt === null),
    graph: async () => ({ prompt: PROMPT, workflow: { id: 'w1' } }),
    madeFrom: async () => older,
  };
  const files = { know: () => undefined, ready: async () => undefined, textOf: () => undefined };
  const refusals = createRefusals(comfy, () => page.pressed);
  const native = async () => new Response();
  const live = createLive(comfy, () => () => undefined);
  const arrival = createArrival(comfy, book, files, refusals, live, native, () => 0);
  return {
    page,
    arrival,
    refusals,
    runs,
    told,
    /** A reading of the list: what the page is told by it. */
    async read(...jobs: ServerJob[]): Promise<string[]> {
      const before = known;
      known = jobs;
      told.length = 0;
      await arrival.follow(before, jobs);
      return told.filter((type) => type !== 'status');
    },
    async opens(id: string): Promise<string[]> {
      page.open = id;
      told.length = 0;
      arrival.forget();
      await arrival.again();
      return [...told];
    },
  };
}

beforeEach(() => void newTab());
afterEach(() => void vi.unstubAllGlobals());

describe('every run of this tab ends in the page', () => {
  test('as a run of ComfyUI’s own does', async () => {
    const { arrival, read } = openPage();
    arrival.sent('j1');
    expect(await read(queued)).toEqual([]);
    expect(await read(waking)).toEqual(['notification']);
    expect(await read(running)).toEqual(['execution_start']);
    expect(await read(done)).toEqual(['executed', 'execution_success', 'executing null']);
    expect(await read(done)).toEqual([]);
  });

  test('while another workflow is open: all but the files, which do not belong there', async () => {
    const { arrival, read, page } = openPage();
    arrival.sent('j1');
    await read(running);
    page.open = 'w2';
    expect(await read(done)).toEqual(['execution_success', 'executing null']);
  });

  test('when its person signs out, and as it did when they are back', async () => {
    const { arrival, read } = openPage();
    arrival.sent('j1');
    await read(running);
    expect(await read()).toEqual(['execution_interrupted', 'executing null']);
    expect(await read()).toEqual([]);
    expect(await read(running)).toEqual(['execution_start']);
    expect(await read()).toEqual(['execution_interrupted', 'executing null']);
    expect(await read(done)).toEqual(['execution_start', 'executed', 'execution_success', 'executing null']);
  });

  test('when the tab was changed and changed back meanwhile', async () => {
    const { arrival, read, opens } = openPage();
    arrival.sent('j1');
    await read(running);
    expect(await opens('w2')).toEqual([]);
    expect(await opens('w1')).toEqual([]);
    expect(await read(failed)).toEqual(['execution_error', 'executing null']);
  });

  test('when the first that is seen of it is its end, after it was counted as queued', async () => {
    const { arrival, read, told } = openPage();
    arrival.sent('j1');
    expect(told).toEqual(['status']);
    expect(await read(done)).toEqual(['execution_start', 'executed', 'execution_success', 'executing null']);
  });

  test('when its end was seen before the answer to Run', async () => {
    const { arrival, read } = openPage();
    expect(await read(done)).toEqual([]);
    arrival.sent('j1');
    expect(await read(done)).toEqual(['execution_start', 'executed', 'execution_success', 'executing null']);
  });

  test('after a reload', async () => {
    const kept = newStore();
    newTab('http://comfy.test/', () => kept);
    openPage().arrival.sent('j1');
    expect(await openPage().read(failed)).toEqual(['execution_start', 'execution_error', 'executing null']);
    expect(await openPage().read(failed)).toEqual([]);
  });

  test('one of several that run at once leaves the page with another', async () => {
    const { arrival, read } = openPage();
    arrival.sent('j1');
    arrival.sent('j2');
    await read({ ...running, id: 'j2' }, running);
    expect((await read({ ...running, id: 'j2' }, done)).slice(-2)).toEqual(['executing null', 'execution_start']);
  });
});

describe('jobs of elsewhere', () => {
  test('are followed where their workflow is open, and nowhere else', async () => {
    const here = openPage();
    expect(await here.read(running)).toEqual(['execution_start']);
    expect(await here.read(failed)).toEqual(['execution_error', 'executing null']);
    const there = openPage({ open: 'w2' });
    expect(await there.read(running)).toEqual([]);
    expect(await there.read(failed)).toEqual([]);
  });

  test('that were over before we looked are history; a graph shows what it made last, however long ago', async () => {
    const { read, opens } = openPage({ older: [done] });
    expect(await read(failed)).toEqual([]);
    expect(await opens('w1')).toEqual(['executed']);
  });
});

describe('what a worker refuses', () => {
  const body = (number: number) => ({ number, extra_data: { extra_pnginfo: { workflow: { id: 'w1' } } } });

  test.each([
    ['when it was seen waiting', [queued, refusedJob]],
    ['when the first that is seen of it is its end', [refusedJob]],
  ])('is shown as ComfyUI shows a refusal: %s', async (_, readings) => {
    const { arrival, read, runs, refusals } = openPage();
    arrival.sent('j1');
    for (const one of readings) expect(await read(one)).toEqual([]);
    expect(runs).toHaveLength(1);
    const answer = refusals.answer(body(runs[0] ?? 0));
    expect(answer?.status).toBe(400);
    expect(await answer?.json()).toEqual({
      error: {
        type: 'prompt_outputs_failed_validation',
        message: 'ComfyUI could not use this workflow',
        details: '',
        extra_info: {},
      },
      node_errors: REFUSED.nodeErrors,
    });
    await read(refusedJob);
    expect(runs).toHaveLength(1);
  });

  test.each(['w1', 'w2'])('ends in the page if it was seen running before: %s is open', async (open) => {
    const { arrival, read, page } = openPage();
    arrival.sent('j1');
    expect(await read(running)).toEqual(['execution_start']);
    page.open = open;
    expect(await read(refusedJob)).toEqual(['execution_interrupted', 'executing null']);
    expect(await read(refusedJob)).toEqual([]);
  });

  test('waits for its workflow to be open again, and is one of a whole batch', async () => {
    const { arrival, read, opens, runs } = openPage({ open: 'w2' });
    for (const id of ['j1', 'j2', 'j3']) arrival.sent(id);
    await read(...['j3', 'j2', 'j1'].map((id) => ({ ...refusedJob, id })));
    expect(runs).toHaveLength(0);
    await opens('w1');
    expect(runs).toHaveLength(1);
    await opens('w2');
    await opens('w1');
    expect(runs).toHaveLength(1);
  });

  test('is an error of the run where the front end cannot be asked', async () => {
    const { arrival, read } = openPage({ canRun: false });
    arrival.sent('j1');
    expect(await read(refusedJob)).toEqual(['execution_error']);
  });

  test('is not sent again by a front end that goes on by itself, but by somebody who presses Run', async () => {
    const { arrival, read, refusals, page } = openPage();
    arrival.sent('j1');
    await read(refusedJob);
    expect(refusals.answer(body(0))?.status).toBe(400);
    expect(refusals.answer({ ...body(0), extra_data: { extra_pnginfo: { workflow: { id: 'w2' } } } })).toBeNull();
    page.pressed = true;
    expect(refusals.answer(body(0))).toBeNull();
    page.pressed = false;
    expect(refusals.answer(body(0))).toBeNull();
  });

  test('of elsewhere is only in the history', async () => {
    const { read, runs } = openPage();
    await read(queued);
    expect(await read(refusedJob)).toEqual([]);
    expect(runs).toEqual([]);
  });
});
