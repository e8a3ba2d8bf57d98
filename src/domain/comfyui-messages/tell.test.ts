import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PromptFacts } from './entries.ts';
import { type Listener, type Message, NOTHING_SAID, type PromptState } from './tell.ts';
import { firstSaid, type Memory, owesAnEnd, tellAll, toldToAll } from './tell-all.ts';

const AT = 1_000_000;
const facts = (more: Partial<PromptFacts> = {}): PromptFacts => ({
  promptId: 'p1',
  clientId: 'c',
  status: 'queued',
  reason: null,
  message: null,
  nodeErrors: null,
  workflowId: null,
  createdAt: AT,
  queuedAt: AT,
  startedAt: null,
  endedAt: null,
  ...more,
});
const file = (n: number, nodeId = '9') => ({
  id: `r${n}`,
  nodeId,
  kind: 'image' as const,
  name: `a_${n}.png`,
  isPreview: false,
  file: { filename: `a_${n}.png`, subfolder: '', type: 'output' },
});
const prompt = (more: Partial<PromptFacts> = {}, rest: Partial<PromptState> = {}): PromptState => ({
  facts: facts(more),
  files: [],
  live: null,
  anyNode: '1',
  classes: new Map(),
  ...rest,
});
const RUNNING = { status: 'running', startedAt: AT + 10 } as const;
const DONE = { status: 'completed', startedAt: AT + 10, endedAt: AT + 20 } as const;

const short = (message: Message): string => {
  if (message.type !== 'json') return message.type === 'picture' ? `picture ${message.resultId}` : message.type;
  const node = 'node' in message.data ? ` ${message.data.node}` : '';
  return `${message.name}${node}`;
};
/** Tells these one after another, a second apart. */
function told(listener: Listener, ...moments: readonly (readonly PromptState[])[]): string[][] {
  let memory: Memory = new Map();
  return moments.map((prompts, index) => {
    const result = tellAll(prompts, memory, listener, AT + index * 1000);
    memory = result.memory;
    return result.messages.map(short);
  });
}
const END = ['execution_success', 'status', 'executing null'];
const live = (id: string, value: number | null) => ({
  node: { id, label: id, classType: id, isLoader: false },
  step: value === null ? null : { value, max: 4, endsAt: null },
  done: 0,
  nodes: 3,
});

describe('a run from beginning to end', () => {
  test('a page sees files as they come', () => {
    expect(
      told(
        'page',
        [prompt()],
        [prompt({ status: 'dispatched' })],
        [prompt({ status: 'dispatched' })],
        [prompt(RUNNING)],
        [prompt(RUNNING, { live: live('3', null) })],
        [prompt(RUNNING, { live: live('3', 2) })],
        [prompt(RUNNING, { files: [file(1)] })],
        [prompt(RUNNING, { files: [file(1), file(2)] })],
        [prompt(DONE, { files: [file(1), file(2)] })],
        [prompt(DONE, { files: [file(1), file(2)] })],
      ),
    ).toEqual([
      [],
      ['notification'],
      [],
      ['execution_start', 'execution_cached'],
      ['progress_state', 'executing 3'],
      ['progress_state', 'progress 3'],
      ['progress_state', 'executed 9'],
      ['executed 9'],
      END,
      [],
    ]);
  });

  test('a program hears of each node once, when all is there', () => {
    expect(
      told(
        'program',
        [prompt({ status: 'dispatched' })],
        [prompt(RUNNING)],
        [prompt(RUNNING, { files: [file(1)] })],
        [prompt(DONE, { files: [file(1), file(2), file(3, '8')] })],
      ),
    ).toEqual([
      [],
      ['execution_start', 'execution_cached', 'executing 1'],
      ['progress_state'],
      ['progress_state', 'executing 9', 'executed 9', 'executing 8', 'executed 8', ...END],
    ]);
  });

  test('what was done at once is held back until the program listens', () => {
    const done = [prompt(DONE, { files: [file(1)] })];
    const first = tellAll(done, new Map(), 'program', AT);
    expect(first.messages.map(short)).toEqual(['execution_start', 'execution_cached', 'progress_state', 'executing 1']);
    expect(first.again).toBe(AT + 500);
    expect(owesAnEnd(done, first.memory)).toBe(true);
    expect(tellAll(done, first.memory, 'program', AT + 499).messages).toEqual([]);
    const rest = tellAll(done, first.memory, 'program', AT + 500);
    expect(rest.messages.map(short)).toEqual(['executing 9', 'executed 9', ...END]);
    expect(owesAnEnd(done, rest.memory)).toBe(false);
  });

  test('pictures that a node sends over the socket come as bytes, and to a page as files', () => {
    const done = [prompt(DONE, { files: [file(1), file(2)], classes: new Map([['9', 'SaveImageWebsocket']]) })];
    expect(told('program', done, done)[1]).toEqual(['executing 9', 'picture r1', 'picture r2', ...END]);
    expect(told('page', done)[0]).toContain('executed 9');
  });

  test.each([
    ['failed', 'execution_error'],
    ['cancelled', 'execution_interrupted'],
  ] as const)('%s before it began', (status, end) => {
    const over = [prompt({ status, endedAt: AT + 5 })];
    expect(told('program', over, over).flat()).toEqual([
      'execution_start',
      'execution_cached',
      'executing 1',
      end,
      'status',
      'executing null',
    ]);
  });

  test('a program that comes back hears no second beginning, and has a moment to look for itself', () => {
    const memory = new Map([['p1', firstSaid('start', facts(DONE), 'program', AT)]]);
    expect(tellAll([prompt(DONE)], memory, 'program', AT).messages.map(short)).toEqual(['executing 1']);
    expect(tellAll([prompt(DONE)], memory, 'program', AT + 500).messages.map(short)).toEqual(['executing 1', ...END]);
  });

  test.each([
    ['page', 0, false],
    ['program', 0, false],
    ['page', 700_000, false],
    ['program', 700_000, true],
  ] as const)('a %s that comes %d ms after an end', (listener, after, isGivenUp) => {
    expect(firstSaid('nothing', facts(DONE), listener, AT + after).isEnded).toBe(isGivenUp);
  });

  test('an end counts when every socket has heard it, a beginning when one has', () => {
    const [begun, over] = [
      { ...NOTHING_SAID, isStarted: true },
      { ...NOTHING_SAID, isStarted: true, isEnded: true },
    ];
    expect(toldToAll('nothing', [])).toBe('nothing');
    expect(toldToAll('nothing', [NOTHING_SAID, begun])).toBe('start');
    expect(toldToAll('start', [over, begun])).toBe('start');
    expect(toldToAll('start', [over, undefined])).toBe('start');
    expect(toldToAll('start', [over, over])).toBe('end');
  });
});

test('a program hears of one job after the other, a page of all at once', () => {
  const both = [prompt(RUNNING), prompt({ ...DONE, promptId: 'p2', startedAt: AT + 11 })];
  const end = [prompt({ ...DONE, endedAt: AT + 30 }), both[1]!];
  expect(told('program', both, end, end)).toEqual([
    ['execution_start', 'execution_cached', 'executing 1'],
    [...END, 'execution_start', 'execution_cached', 'executing 1'],
    END,
  ]);
  expect(told('page', both)[0]?.filter((name) => name === 'execution_start')).toHaveLength(2);
});

/** Ways that a job may take, with what has come of it meanwhile. */
const steps = fc.array(
  fc.record({
    job: fc.nat({ max: 2 }),
    move: fc.constantFrom('dispatch', 'start', 'giveBack', 'file', 'live', 'complete', 'fail', 'cancel', 'wait'),
    node: fc.constantFrom('7', '8', '9'),
    after: fc.nat({ max: 700 }),
  }),
  { maxLength: 40 },
);
type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never;

function moved(before: PromptState, { move, node }: Step, now: number): PromptState {
  const { facts: known, files } = before;
  if (known.endedAt !== null) return before;
  const to = (more: Partial<PromptFacts>): PromptState => ({ ...before, facts: { ...known, ...more } });
  switch (move) {
    case 'dispatch':
      return known.status === 'queued' ? to({ status: 'dispatched' }) : before;
    case 'start':
      return to({ status: 'running', startedAt: now });
    case 'giveBack':
      return { ...to({ status: 'queued', startedAt: null }), live: null };
    case 'file':
      return { ...before, files: [...files, file(files.length, node)] };
    case 'live':
      return known.startedAt === null ? before : { ...before, live: live(node, files.length) };
    case 'complete':
      return to({ status: 'completed', endedAt: now });
    case 'fail':
      return to({ status: 'failed', endedAt: now });
    case 'cancel':
      return to({ status: 'cancelled', endedAt: now });
    case 'wait':
      return before;
  }
}

const promptOf = (message: Message): string | null =>
  message.type === 'json' && 'prompt_id' in message.data ? String(message.data.prompt_id) : null;
const TERMINAL = new Set(['execution_success', 'execution_error', 'execution_interrupted']);

test.each(['page', 'program'] as const)('whatever happens, a %s hears each job once', (listener) => {
  fc.assert(
    fc.property(steps, (way) => {
      let prompts = ['p0', 'p1', 'p2'].map((promptId) => prompt({ promptId }));
      let memory: Memory = new Map();
      let now = AT;
      const heard: Message[] = [];
      const hear = () => {
        const result = tellAll(prompts, memory, listener, now);
        memory = result.memory;
        heard.push(...result.messages);
        return result.again;
      };
      for (const step of way) {
        now += step.after;
        prompts = prompts.map((one, index) => (index === step.job ? moved(one, step, now) : one));
        hear();
      }
      prompts = prompts.map((one) => moved(one, { job: 0, move: 'complete', node: '9', after: 0 }, now));
      for (let again = hear(); again !== null; again = hear()) now = again;

      for (const { facts: known } of prompts) {
        const names = heard.filter((one) => promptOf(one) === known.promptId).map(short);
        expect(names[0]).toBe('execution_start');
        expect(names.filter((name) => name === 'execution_start')).toHaveLength(1);
        expect(names.filter((name) => TERMINAL.has(name))).toHaveLength(1);
        expect(names.findIndex((name) => TERMINAL.has(name))).toBe(names.length - 2);
        expect(names.at(-1)).toBe('executing null');
        if (listener === 'program') {
          const executed = names.filter((name) => name.startsWith('executed'));
          expect(new Set(executed).size).toBe(executed.length);
        }
      }
      if (listener === 'program') {
        const order = heard.flatMap((one) => promptOf(one) ?? []).filter((id, index, all) => id !== all[index - 1]);
        expect(order).toHaveLength(prompts.length);
      }
    }),
  );
});
