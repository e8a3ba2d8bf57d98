import { describe, expect, test } from 'vitest';
import type { ApiOutput, ApiProgress } from './schemas.ts';
import { frameOf, NOTHING_TOLD, type Shown, tell } from './tell.ts';

const progress = (value: number): ApiProgress => ({
  value,
  nodes_done: 1,
  nodes_total: 4,
  current_node: '3',
  current_node_class: 'KSampler',
  step: null,
  steps: null,
  message: null,
});
const output = (id: string): ApiOutput => ({
  node_id: '9',
  name: `${id}.png`,
  type: 'image',
  content_type: 'image/png',
  size_bytes: 1,
  id,
  hash: null,
  url: `https://class.example.org/${id}`,
  url_expires_at: '2026-12-01T00:00:00.000Z',
  job_id: 'job',
});
const running = (more: Partial<Shown> = {}): Shown => ({
  status: 'running',
  queue_position: null,
  progress: null,
  outputs: [],
  ...more,
});
const names = (shown: Shown, notes: string[] = [], told = NOTHING_TOLD) =>
  tell(shown, notes, told).events.map(({ event }) => event);

describe('who comes is told', () => {
  test.each<[string, Shown, string[]]>([
    ['of a job that waits, its place', { ...running(), status: 'queued', queue_position: 3 }, ['status']],
    [
      'of a job that runs, all that is known',
      running({ progress: progress(0.5), outputs: [output('a')] }),
      ['status', 'progress', 'output'],
    ],
    [
      'of a job that has ended, its end last',
      { ...running({ outputs: [output('a')] }), status: 'succeeded' },
      ['output', 'status'],
    ],
  ])('%s', (_, shown, expected) => expect(names(shown)).toEqual(expected));
});

describe('who was told hears of nothing twice', () => {
  const { told } = tell(running({ progress: progress(0.5), outputs: [output('a')] }), ['Slow.'], NOTHING_TOLD);
  test.each<[string, Shown, string[], string[]]>([
    ['nothing new', running({ progress: progress(0.5), outputs: [output('a')] }), ['Slow.'], []],
    ['no progress known any more', running({ outputs: [output('a')] }), [], []],
    ['progress', running({ progress: progress(0.6), outputs: [output('a')] }), [], ['progress']],
    ['one more output', running({ outputs: [output('a'), output('b')] }), [], ['output']],
    ['one more note', running(), ['Slow.', 'Again.'], ['log']],
    ['the end', { ...running({ outputs: [output('a')] }), status: 'canceled' }, [], ['status']],
  ])('%s', (_, shown, notes, expected) => expect(names(shown, notes, told)).toEqual(expected));
});

test('a frame is one event on lines of its own', () =>
  expect(frameOf({ event: 'log', data: { level: 'info', message: 'a\nb' } })).toBe(
    'event: log\ndata: {"level":"info","message":"a\\nb"}\n\n',
  ));
