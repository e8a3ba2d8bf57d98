import { describe, expect, test } from 'vitest';
import { nowRows } from './now-rows.ts';
import type { Phase } from './phase.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 30, 10, minute)).toISOString();

/** `phase` at a minute, and in the queue its position: "waiting 3 #2". */
function job(text: string, over: { message?: string; canRetry?: boolean; reason?: 'lost' | 'execution_error' } = {}) {
  const [, phase = '', minute = '', position] = /^(\w+) (\d+)(?: #(\d+))?$/.exec(text) ?? [];
  const phases: readonly Phase[] = [
    'rendering',
    'delivering',
    'waking',
    'sent',
    'waiting',
    'done',
    'failed',
    'cancelled',
  ];
  return {
    id: text,
    phase: phases.find((one) => one === phase) ?? 'waiting',
    position: position === undefined ? null : Number(position),
    createdAt: at(Number(minute)),
    endedAt: at(Number(minute)),
    reason: over.reason ?? ('execution_error' as const),
    message: over.message ?? text,
    nodeErrors: null,
    canRetry: over.canRetry ?? true,
  };
}
const shown = (jobs: readonly ReturnType<typeof job>[]) => {
  const { running, waiting, ended } = nowRows(jobs);
  return [running, waiting, ended].map((rows) => rows.map((row) => row.jobs.map(({ id }) => id).join(' + ')));
};

describe('nowRows', () => {
  test.each<[string, readonly string[], [string[], string[], string[]]]>([
    ['nothing', [], [[], [], []]],
    [
      'what runs, however many failures are older',
      [...Array.from({ length: 20 }, (_, n) => `failed ${n}`), 'rendering 30'],
      [['rendering 30'], [], Array.from({ length: 20 }, (_, n) => `failed ${19 - n}`)],
    ],
    [
      'rendering and delivering before what only starts, oldest first',
      ['sent 1', 'waking 2', 'rendering 4', 'delivering 3'],
      [['delivering 3', 'rendering 4', 'sent 1', 'waking 2'], [], []],
    ],
    [
      'what waits in the order of its turn; without a position at the end',
      ['waiting 1', 'waiting 2 #3', 'waiting 3 #1', 'waiting 4 #2', 'waiting 0'],
      [[], ['waiting 3 #1', 'waiting 4 #2', 'waiting 2 #3', 'waiting 0', 'waiting 1'], []],
    ],
    [
      'what is done before failures, of which the newest come first',
      ['failed 5', 'done 9', 'failed 7', 'cancelled 8'],
      [[], [], ['cancelled 8', 'done 9', 'failed 7', 'failed 5']],
    ],
  ])('%s', (_, texts, rows) => expect(shown(texts.map((text) => job(text)))).toEqual(rows));

  test('failures of one reason and message are one row, where the newest of them stands', () => {
    const alike = { message: 'out of memory' };
    const jobs = [
      job('failed 1', alike),
      job('failed 2', { message: 'other words' }),
      job('failed 3', alike),
      job('failed 4', { ...alike, reason: 'lost' }),
      job('failed 5', { ...alike, canRetry: false }),
      job('done 6', alike),
      job('done 7', alike),
    ];
    expect(shown(jobs)[2]).toEqual(['done 6', 'done 7', 'failed 5', 'failed 4', 'failed 3 + failed 1', 'failed 2']);
  });

  test('a row keeps its key while jobs join it', () => {
    const alike = { message: 'out of memory' };
    const [before] = nowRows([job('failed 1', alike)]).ended;
    const [after] = nowRows([job('failed 2', alike), job('failed 1', alike)]).ended;
    expect(after?.key).toBe(before?.key);
  });
});
