import { expect, test } from 'vitest';
import { createLogSender, MAX_WAIT_MS, SEND_MS, stackOf, wordsOf } from './log-sender.ts';

type Failure = { readonly code: string | null; readonly retryAfterSeconds?: number | null };

/** A sender on a clock of its own, whose first sendings fail as told; a tick is what it planned next, and says how long it waited. */
function stage(failures: Failure[]) {
  const sent: string[][] = [];
  const planned: { task: () => void; ms: number }[] = [];
  let failure: Failure | undefined;
  let isReady = true;
  const sender = createLogSender({
    async send(entries) {
      sent.push(entries.map(({ message }) => message));
      failure = failures.shift();
      if (failure) throw new Error('not sent');
    },
    failureOf: () => failure ?? { code: null },
    isReady: () => isReady,
    later: (task, ms) => void planned.push({ task, ms }),
    now: () => 0,
  });
  return {
    sent,
    planned,
    add: (message: string) => sender.add({ level: 'error', message, page: '/' }),
    setReady: (ready: boolean) => {
      isReady = ready;
    },
    async tick(): Promise<number> {
      const next = planned.shift();
      if (!next) throw new Error('Nothing is planned.');
      next.task();
      await new Promise(setImmediate);
      return next.ms;
    },
  };
}

test('what was seen goes together, a while later, and then there is nothing to do', async () => {
  const { add, tick, sent, planned } = stage([]);
  add('one');
  add('two');
  add('ResizeObserver loop completed with undelivered notifications.');
  expect(planned).toHaveLength(1);
  expect(await tick()).toBe(SEND_MS);
  expect(sent).toEqual([['one', 'two']]);
  expect(planned).toEqual([]);
});

test('noise alone plans nothing', () => {
  const { add, planned } = stage([]);
  add('ResizeObserver loop limit exceeded');
  expect(planned).toEqual([]);
});

test('what could not be sent is sent again with pauses that grow up to a limit, and shrink when it went well', async () => {
  const { add, tick, sent, planned } = stage(Array.from({ length: 7 }, () => ({ code: null })));
  add('one');
  const waits = [];
  for (let n = 0; n < 8; n += 1) waits.push(await tick());
  expect(waits).toEqual([SEND_MS, 10_000, 20_000, 40_000, 80_000, MAX_WAIT_MS, MAX_WAIT_MS, MAX_WAIT_MS]);
  expect(sent).toEqual(Array(8).fill(['one']));
  expect(planned).toEqual([]);
  add('two');
  expect(await tick()).toBe(SEND_MS);
});

test('a server that asks for more time gets it', async () => {
  const { add, tick } = stage([{ code: 'too_many', retryAfterSeconds: 30 }]);
  add('one');
  await tick();
  expect(await tick()).toBe(30_000);
});

test.each(['not_signed_in', 'invalid_input'])('what is answered with %s is not sent again', async (code) => {
  const { add, tick, sent, planned } = stage([{ code }]);
  add('one');
  await tick();
  expect(planned).toEqual([]);
  add('two');
  expect(await tick()).toBe(SEND_MS);
  expect(sent).toEqual([['one'], ['two']]);
});

test('while it is not ready all waits, at the same pace', async () => {
  const { add, tick, sent, setReady } = stage([]);
  setReady(false);
  add('one');
  expect([await tick(), await tick()]).toEqual([SEND_MS, SEND_MS]);
  expect(sent).toEqual([]);
  setReady(true);
  expect(await tick()).toBe(SEND_MS);
  expect(sent).toEqual([['one']]);
});

test('what is seen while a batch is on its way goes with the next', async () => {
  const { add, tick, sent, planned } = stage([]);
  for (let n = 0; n < 60; n += 1) add(`g${'g'.repeat(n)}`);
  const first = tick();
  add('later');
  expect(planned).toEqual([]);
  await first;
  await tick();
  expect(sent.map((batch) => batch.length)).toEqual([50, 11]);
  expect(sent[1]?.at(-1)).toBe('later');
});

const round: Record<string, unknown> = {};
round.self = round;

/** As ComfyUI's front end throws it when its server refuses a graph. */
class PromptExecutionError extends Error {
  override toString(): string {
    return 'Prompt outputs failed validation: \nCheckpointLoaderSimple:\n    - Value not in list: ckpt_name';
  }
}
class Silent extends Error {
  override toString(): string {
    throw new Error('no words');
  }
}
const itself = new Error('round');
itself.cause = itself;

test.each([
  ['plain', 'plain'],
  [
    new PromptExecutionError('Prompt execution failed'),
    'Error: Prompt execution failed: Prompt outputs failed validation: \nCheckpointLoaderSimple:\n    - Value not in list: ckpt_name',
  ],
  [new Error('It failed', { cause: new Error('no room') }), 'Error: It failed (cause: no room)'],
  [new Error('It failed', { cause: { status: 400 } }), 'Error: It failed (cause: {"status":400})'],
  [itself, 'Error: round (cause: round)'],
  [new Silent('odd'), 'Error: odd'],
  [new TypeError('no such thing'), 'TypeError: no such thing'],
  [{ a: [1, null] }, '{"a":[1,null]}'],
  [undefined, 'undefined'],
  [round, '[object Object]'],
])('a value in words: %j', (value, words) => expect(wordsOf(value)).toBe(words));

test('the stack is of the first error among the values', () => {
  const error = new Error('here');
  expect(stackOf(['before', error, new Error('after')])).toBe(error.stack);
  expect(stackOf(['none'])).toBeNull();
});
