import { describe, expect, test } from 'vitest';
import { type AttemptFact, classBegan, gpuMs, type JobFact, median } from './class-facts.ts';
import { fairness, figuresOf } from './class-figures.ts';

const MIN = 60_000;
const NOW = 1_000 * MIN;

const job = (id: string, userId: string, createdAt: number, over: Partial<JobFact> = {}): JobFact => ({
  id,
  userId,
  status: 'completed',
  reason: null,
  createdAt,
  endedAt: createdAt + 5 * MIN,
  warmUp: false,
  ...over,
});
const attempt = (jobId: string, userId: string, sentAt: number, over: Partial<AttemptFact> = {}): AttemptFact => ({
  jobId,
  userId,
  endpointId: 'h200',
  number: 1,
  sentAt,
  answeredAt: sentAt,
  startedAt: sentAt + MIN,
  wholeAt: sentAt + 3 * MIN,
  endedAt: sentAt + 4 * MIN,
  outcome: 'completed',
  warmUp: false,
  heard: null,
  ...over,
});

test('a class begins with the first job after two quiet hours', () => {
  const at = (...minutes: number[]) => ({
    jobs: minutes.map((minute) => job(String(minute), 'a', minute * MIN)),
    attempts: [],
  });
  expect(classBegan(at())).toBe(null);
  expect(classBegan(at(500))).toBe(500 * MIN);
  expect(classBegan(at(700, 500, 560, 679))).toBe(500 * MIN);
  expect(classBegan(at(500, 560, 681, 700))).toBe(681 * MIN);
  const warm = { jobs: [job('w', 'a', 100 * MIN, { warmUp: true }), job('x', 'a', 150 * MIN)], attempts: [] };
  expect(classBegan(warm)).toBe(150 * MIN);
});

test.each([
  [{}, 2 * MIN],
  [{ startedAt: null }, 0],
  [{ wholeAt: null }, 3 * MIN],
  [{ wholeAt: null, endedAt: null }, 9 * MIN],
  [{ startedAt: NOW, wholeAt: NOW - 1 }, 0],
])('an attempt with %j has kept a GPU for %i ms', (over, ms) => {
  expect(gpuMs(attempt('x', 'a', NOW - 10 * MIN, over), NOW)).toBe(ms);
});

test.each([
  [[], null],
  [[3], 3],
  [[9, 1], 5],
  [[9, 1, 2], 2],
])('the median of %j is %s', (values, middle) => expect(median(values)).toBe(middle));

describe('the figures of a class', () => {
  const begin = NOW - 100 * MIN;
  const facts = {
    jobs: [
      job('a1', 'anna', begin),
      job('a2', 'anna', begin + MIN, { status: 'failed', reason: 'lost', endedAt: begin + 20 * MIN }),
      job('a3', 'anna', begin + 2 * MIN, { status: 'queued', endedAt: null }),
      job('b1', 'ben', NOW - 10 * MIN, { status: 'running', endedAt: null }),
      job('b2', 'ben', NOW - 8 * MIN, { status: 'queued', endedAt: null }),
      job('b3', 'ben', NOW - 7 * MIN, { status: 'cancelled', reason: 'cancelled', endedAt: NOW }),
      job('old', 'eva', begin - 50 * MIN),
      job('warm', 'teacher', begin, { warmUp: true }),
    ],
    attempts: [
      attempt('a1', 'anna', begin + 2 * MIN),
      attempt('a2', 'anna', begin + 5 * MIN, { outcome: 'lost', wholeAt: null, endedAt: begin + 10 * MIN }),
      attempt('a2', 'anna', begin + 12 * MIN, {
        number: 2,
        endpointId: 'b300',
        outcome: 'never_started',
        startedAt: null,
        wholeAt: null,
        endedAt: begin + 20 * MIN,
      }),
      attempt('b1', 'ben', NOW - 9 * MIN, { startedAt: NOW - 5 * MIN, wholeAt: null, endedAt: null, outcome: null }),
      attempt('warm', 'teacher', begin, { wholeAt: begin + 7 * MIN }),
      attempt('old', 'eva', begin - 50 * MIN),
    ],
  };
  const prices = new Map([
    ['h200', 6],
    ['b300', null],
  ]);
  const figures = figuresOf(facts, begin, NOW, prices);
  const person = (userId: string) => figures.people.find((one) => one.userId === userId);

  test('counts what is of the class, warm-ups aside', () => {
    expect(figures).toMatchObject({ waiting: 2, onGpus: 1, completed: 1, failed: 1, cancelled: 1 });
    expect([...figures.failedByReason]).toEqual([['lost', 1]]);
    expect(figures.people.map(({ userId }) => userId)).toEqual(['anna', 'ben']);
  });
  test('waits: of what was sent the median, of everything the worst', () => {
    // a1 2 min, a2 4 min, b1 1 min; a3 and b2 wait still, and so did b3.
    expect(figures.waits).toEqual({ median: 2 * MIN, worst: { ms: 98 * MIN, jobId: 'a3', userId: 'anna' } });
    expect(person('ben')?.waits).toEqual({ median: MIN, worst: { ms: 8 * MIN, jobId: 'b2', userId: 'ben' } });
  });
  test('a turn counts only for what was sent with nothing else under way', () => {
    expect([person('anna')?.turn, person('ben')?.turn]).toEqual([2 * MIN, MIN]);
  });
  test('who waits with nothing on a GPU is listed since their last job ended', () => {
    expect(person('anna')?.hungrySince).toEqual({ at: begin + 20 * MIN, jobId: 'a3' });
    expect(person('ben')?.hungrySince).toBe(null);
  });
  test('GPU time and money, of people and of endpoints; warm-ups cost too', () => {
    expect(person('anna')).toMatchObject({ gpuMs: 6 * MIN, cost: expect.closeTo(0.6), unpricedMs: 0 });
    expect(person('ben')).toMatchObject({ gpuMs: 5 * MIN, cost: 0.5 });
    expect(figures.gpuMs).toBe((6 + 5 + 6) * MIN);
    expect(figures.cost).toBeCloseTo(1.7);
    expect(figuresOf(facts, begin, NOW, new Map())).toMatchObject({ cost: 0, unpricedMs: 17 * MIN });
  });
  test('endpoints: what was sent there, and what of it was lost', () => {
    const [h200, b300] = figures.endpoints;
    expect(h200).toMatchObject({ endpointId: 'h200', attempts: 4, lost: 1 });
    expect(b300).toMatchObject({ endpointId: 'b300', attempts: 1, lost: 1 });
  });
  test('a class without anything has no figures', () => {
    const none = figuresOf({ jobs: [], attempts: [] }, NOW, NOW, prices);
    expect(none).toMatchObject({ waiting: 0, gpuMs: 0, waits: { median: null, worst: null }, people: [] });
  });
});

test.each([
  [[1, 2], { verdict: 'too early' }],
  [[0, 0, 0], { verdict: 'even', lowMs: 0, highMs: 0 }],
  [[1, 2, 2.9], { verdict: 'even', lowMs: MIN, highMs: 2.9 * MIN }],
  [[0, 0, 0.9], { verdict: 'even', lowMs: 0, highMs: 0.9 * MIN }],
  [[1, 1, 9], { verdict: 'uneven', userId: '2', ms: 9 * MIN, othersMs: MIN }],
  [[9, 1, 1, 1], { verdict: 'uneven', userId: '0', ms: 9 * MIN, othersMs: MIN }],
  [[3, 3, 8], { verdict: 'even', lowMs: 3 * MIN, highMs: 8 * MIN }],
])('turns of %j minutes are %j', (minutes, verdict) => {
  expect(fairness(minutes.map((turn, i) => ({ userId: String(i), turn: turn * MIN })))).toEqual(verdict);
  expect(
    fairness([...minutes.map((turn, i) => ({ userId: String(i), turn: turn * MIN })), { userId: 'x', turn: null }]),
  ).toEqual(verdict);
});
