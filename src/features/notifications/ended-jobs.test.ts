import { describe, expect, test } from 'vitest';
import type { JobStatus } from '#src/domain/jobs/job.ts';
import { endedSince, notificationFor } from './ended-jobs.ts';

const job = (id: string, status: JobStatus, files = 0) => ({
  id,
  title: `Job ${id}`,
  status,
  results: Array.from({ length: files }, (_, n) => ({ id: `${id}${n}`, kind: 'image' as const })),
});

test('only what was alive and is over by itself, oldest first', () => {
  const recent = [
    job('e', 'failed'),
    job('d', 'completed'),
    job('c', 'cancelled'),
    job('b', 'running'),
    job('a', 'completed'),
  ];
  expect(endedSince(new Set('abcde'), recent).map(({ id }) => id)).toEqual(['a', 'd', 'e']);
  expect(endedSince(new Set('bd'), recent).map(({ id }) => id)).toEqual(['d']);
  expect(endedSince(new Set(), recent)).toEqual([]);
});

describe('one message', () => {
  test.each([
    [[job('a', 'completed', 2)], { title: 'Done: Job a', body: '2 new results', resultId: 'a1', isFailure: false }],
    [[job('a', 'failed')], { title: 'Failed: Job a', body: '', resultId: null, isFailure: true }],
    [
      [job('a', 'completed', 1), job('b', 'completed', 1)],
      { title: '2 jobs done', body: 'Job a, Job b · 2 new results', resultId: 'b0', isFailure: false },
    ],
    [
      [job('a', 'completed', 1), job('b', 'failed')],
      { title: '1 job done, 1 failed', body: 'Job a, Job b · 1 new result', resultId: 'a0', isFailure: false },
    ],
    [
      [job('a', 'failed'), job('b', 'failed')],
      { title: '2 failed', body: 'Job a, Job b', resultId: null, isFailure: true },
    ],
  ] as const)('%j', (ended, text) => expect(notificationFor(ended)).toEqual(text));

  test('of many jobs three are named, each name once', () => {
    const many = [1, 2, 3, 4, 5].map((n) => ({
      ...job(String(n), 'completed', 1),
      title: n < 3 ? 'Film' : `Job ${n}`,
    }));
    expect(notificationFor(many).body).toBe('Film, Job 3, Job 4 · 5 new results');
    expect(notificationFor([{ ...job('a', 'completed'), title: '' }]).title).toBe('Done: Untitled');
  });
});
