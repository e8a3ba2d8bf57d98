import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RunReport } from '#src/domain/jobs/run-report.ts';
import { readHistory, readJobs, readQueue } from './run-answers.ts';

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
  return readHistory(json)?.get(promptId);
};

describe('recorded histories', () => {
  test.each([
    ['GET /history/{id} of a running prompt', undefined],
    ['GET /history/{id} of a deleted prompt', undefined],
    ['GET /history/{id} of a successful prompt', { type: 'success', texts: [] }],
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
    expect(readHistory(error(['execution_start', {}], ['execution_error', data]))?.get('p')).toEqual({
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
    ['an error that says nothing more', error(), { type: 'interrupted' }],
    [
      'an error without a word on the node',
      error(['execution_error', {}]),
      { type: 'failed', failure: { nodeId: '', nodeType: '', message: '', exceptionType: '', traceback: [] } },
    ],
    ['a success', entry({ status_str: 'success', completed: true, messages: [] }), { type: 'success', texts: [] }],
    ['a status without messages', entry({ status_str: 'success' }), { type: 'success', texts: [] }],
    ['no status, as of early versions', { p: { outputs: {}, status: null } }, { type: 'success', texts: [] }],
    [
      'texts that nodes showed, other things among their outputs',
      {
        p: {
          outputs: { 3: { text: ['one', 2, 'two'] }, 4: { images: [{}] }, 5: null, 6: { text: 'bare' } },
          status: { status_str: 'success' },
        },
      },
      { type: 'success', texts: [{ nodeId: '3', text: 'one\ntwo' }] },
    ],
  ])('%s', (_, json, report) => expect(readHistory(json)?.get('p')).toEqual(report));

  test.each<[string, unknown, boolean]>([
    ['nothing has run there', {}, true],
    ['one entry that cannot be read, among others', { p: 'text', q: { status: { status_str: 'success' } } }, true],
    ['nothing in it can be read', { error: 'text' }, false],
    ['an error in another shape', error(['execution_error', 'text']), false],
    ['a page', undefined, false],
    ['a list', [], false],
    ['a text', 'Not Found', false],
    ['null', null, false],
  ])('%s: an answer is %3$s', (_, json, isOne) => expect(readHistory(json) !== null).toBe(isOne));

  test('what a worker says is cut before it is kept', () => {
    const long = 'x'.repeat(1_000_000);
    const data = { node_id: long, node_type: long, exception_message: long, exception_type: long, traceback: [long] };
    const report = readHistory({
      p: {
        outputs: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [n, { text: [long] }])),
        status: { status_str: 'success' },
      },
      q: error(['execution_error', data]).p,
    });
    expect(JSON.stringify(report?.get('q')).length).toBeLessThan(20_000);
    expect(JSON.stringify(report?.get('p')).length).toBeLessThan(4_000_000);
  });
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
    expect(new Map(readQueue(json))).toEqual(
      new Map<string, RunReport>([
        ...queue_pending.map(([, id]) => [id, { type: 'pending' }] as const),
        ...queue_running.map(([, id]) => [id, { type: 'running' }] as const),
      ]),
    );
  });

  test.each<[string, unknown, number | undefined]>([
    ['empty', { queue_running: [], queue_pending: [] }, 0],
    ['with items in another shape', { queue_running: [null, 'p', [1]], queue_pending: [{}] }, 0],
    ['a page', undefined, undefined],
    ['half of one', { queue_running: [] }, undefined],
  ])('%s', (_, queue, size) => expect(readQueue(queue)?.size).toBe(size));
});

describe('lists of jobs', () => {
  const failure = { nodeId: '4', nodeType: 'KSampler', message: 'bad', exceptionType: 'E', traceback: ['line'] };
  test.each<[string, unknown, unknown]>([
    ['waiting', { status: 'pending' }, { type: 'pending' }],
    ['running', { status: 'in_progress' }, { type: 'running' }],
    ['ended well', { status: 'completed', outputs_count: 1 }, { type: 'success', texts: [] }],
    ['cancelled', { status: 'cancelled' }, { type: 'interrupted' }],
    [
      'failed',
      {
        status: 'failed',
        execution_error: {
          node_id: '4',
          node_type: 'KSampler',
          exception_message: 'bad\n',
          exception_type: 'E',
          traceback: ['line'],
          current_inputs: { model: ['x'] },
        },
      },
      { type: 'failed', failure },
    ],
    [
      'failed, without a word',
      { status: 'failed' },
      { type: 'failed', failure: { nodeId: '', nodeType: '', message: '', exceptionType: '', traceback: [] } },
    ],
    ['a status of a later version', { status: 'paused' }, undefined],
  ])('%s', (_, job, report) => {
    const list = { jobs: [null, { id: 'p', priority: 1, ...Object(job) }], pagination: { total: 2 } };
    expect(readJobs(list)?.get('p')).toEqual(report);
  });

  test.each([[undefined], [null], [{}], [{ jobs: {} }], [[]]])('%j is none', (json) =>
    expect(readJobs(json)).toBeNull(),
  );
});
