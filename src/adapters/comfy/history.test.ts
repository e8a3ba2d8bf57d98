import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readHistory, readQueue } from './history.ts';

/** What a real server answered. */
const recorded = z
  .array(
    z.object({
      name: z.string(),
      request: z.object({ path: z.string() }),
      response: z.object({ json: z.unknown().optional() }),
    }),
  )
  .parse(
    JSON.parse(readFileSync(new URL('../../simulator/fixtures/recorded/http/queue.json', import.meta.url), 'utf8')),
  );

function answer(name: string): { json: unknown; promptId: string } {
  const found = recorded.find((one) => one.name.startsWith(name));
  if (!found) throw new Error(`There is no recording "${name}".`);
  return { json: found.response.json, promptId: found.request.path.split('/').at(-1) ?? '' };
}
const historyOf = (name: string) => {
  const { json, promptId } = answer(name);
  return readHistory(json, promptId);
};

describe('recorded histories', () => {
  test.each([
    ['GET /history/{id} of a running prompt', { type: 'nothing' }],
    ['GET /history/{id} of a deleted prompt', { type: 'nothing' }],
    ['GET /history/{id} of a successful prompt', { type: 'ended' }],
    ['GET /history/{id} of an interrupted prompt', { type: 'interrupted' }],
  ])('%s', (name, probe) => expect(historyOf(name)).toEqual(probe));

  test('of a failed prompt: node, message and traceback', () => {
    const probe = historyOf('GET /history/{id} of a failed prompt');
    expect(probe).toMatchObject({ type: 'failed' });
    if (probe?.type !== 'failed') return;
    const { nodeId, nodeType, message, exceptionType, traceback } = probe.failure;
    for (const text of [nodeId, nodeType, message, exceptionType]) expect(text).not.toBe('');
    expect(message).toBe(message.trim());
    expect(traceback.length).toBeGreaterThan(0);
    expect(traceback.length).toBeLessThanOrEqual(12);
  });
});

const entry = (status: unknown) => ({ p: { prompt: [], outputs: {}, status } });
const error = (...messages: unknown[]) => entry({ status_str: 'error', completed: false, messages });

describe('histories', () => {
  test('an error’s message is trimmed, and of a long traceback the last twelve lines are kept', () => {
    const data = {
      node_id: 4,
      node_type: 'KSampler',
      exception_message: '\n bad \n',
      exception_type: 'E',
      traceback: Array.from({ length: 30 }, (_, n) => `line ${n}`),
    };
    expect(readHistory(error(['execution_start', {}], ['execution_error', data]), 'p')).toEqual({
      type: 'failed',
      failure: {
        nodeId: '4',
        nodeType: 'KSampler',
        message: 'bad',
        exceptionType: 'E',
        traceback: data.traceback.slice(-12),
      },
    });
  });

  test.each<[string, unknown, unknown]>([
    ['nobody knows it', {}, { type: 'nothing' }],
    ['somebody else’s prompt', { other: {} }, { type: 'nothing' }],
    ['an error that says nothing more', error(), { type: 'interrupted' }],
    [
      'an error without a word on the node',
      error(['execution_error', {}]),
      { type: 'failed', failure: { nodeId: '', nodeType: '', message: '', exceptionType: '', traceback: [] } },
    ],
    ['an error in another shape', error(['execution_error', 'text']), null],
    ['a success', entry({ status_str: 'success', completed: true, messages: [] }), { type: 'ended' }],
    ['a status without messages', entry({ status_str: 'success' }), { type: 'ended' }],
    ['no status at all', { p: { outputs: {} } }, null],
    ['a page', undefined, null],
    ['a list', [], null],
    ['a text', 'Not Found', null],
    ['null', null, null],
  ])('%s', (_, json, probe) => expect(readHistory(json, 'p')).toEqual(probe));
});

describe('queues', () => {
  const { json } = answer('GET /queue while running');
  const { queue_running, queue_pending } = z
    .object({
      queue_running: z.array(z.tuple([z.number(), z.string()]).rest(z.unknown())),
      queue_pending: z.array(z.tuple([z.number(), z.string()]).rest(z.unknown())),
    })
    .parse(json);

  test('a recorded one has those that run and those that wait, and no other', () => {
    expect(queue_running.length * queue_pending.length).toBeGreaterThan(0);
    for (const [, promptId] of [...queue_running, ...queue_pending]) expect(readQueue(json, promptId)).toBe(true);
    expect(readQueue(json, 'bbbbbbbb-9999-4000-8000-000000000001')).toBe(false);
  });

  test.each<[string, unknown, boolean | null]>([
    ['empty', { queue_running: [], queue_pending: [] }, false],
    ['with items in another shape', { queue_running: [null, 'p', [1]], queue_pending: [{}] }, false],
    ['a page', undefined, null],
    ['half of one', { queue_running: [] }, null],
  ])('%s', (_, queue, known) => expect(readQueue(queue, 'p')).toBe(known));
});
