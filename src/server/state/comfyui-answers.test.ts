import { expect, test, vi } from 'vitest';
import { createBus } from '#src/adapters/events/bus.ts';
import { createComfyuiAnswers } from './comfyui-answers.ts';

const bus = createBus((error) => {
  throw error;
});
const changed = (userId: string) =>
  bus.announce({ type: 'stored', event: { id: 1, userId, type: 'job.updated', jobId: 'job' } });

test('an answer is made once, until something of that person changes', async () => {
  const answers = createComfyuiAnswers(bus);
  const make = vi.fn(async () => `answer ${make.mock.calls.length}`);
  const ask = (userId = 'ada') => answers.of(userId, 'history', make);
  expect(await Promise.all([ask(), ask()])).toEqual(['answer 1', 'answer 1']);
  changed('ben');
  expect(await ask()).toBe('answer 1');
  changed('ada');
  expect(await ask()).toBe('answer 2');
  expect(await ask('ben')).toBe('answer 3');
  answers.forget('ada');
  expect(await ask()).toBe('answer 4');
});

test('what was being made when something changed is not kept', async () => {
  const answers = createComfyuiAnswers(bus);
  let finish: (text: string) => void = () => undefined;
  const old = answers.of('ada', 'history', () => new Promise((resolve) => (finish = resolve)));
  changed('ada');
  finish('old');
  expect(await old).toBe('old');
  expect(await answers.of('ada', 'history', async () => 'new')).toBe('new');
});

test('what could not be made is tried again', async () => {
  const answers = createComfyuiAnswers(bus);
  await expect(answers.of('ada', 'history', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await answers.of('ada', 'history', async () => 'yes')).toBe('yes');
});
