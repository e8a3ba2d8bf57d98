import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AttemptFacts, isAlive, type Judgement, judge, type Limits, type SeenFile } from './attempt.ts';
import type { Plan } from './rewrite.ts';

const limits: Limits = { startBudgetMs: 600_000, jobTimeoutMs: 1_800_000, quietMs: 20_000, graceMs: 60_000 };
const SENT = 1_000_000;
const STARTED = 1_100_000;
const CHANGED = 1_200_000;

const plan = (...markers: (string | null)[]): Plan => ({
  folder: 'comfyume/x',
  saves: markers.map((marker, index) => ({
    nodeId: `n${index}`,
    classType: 'SaveImage',
    isPreview: false,
    dir: String(index),
    marker,
  })),
  markerNodes: Object.fromEntries(
    markers.flatMap((marker) => (marker === null ? [] : [[marker, `comfyume${marker}`]])),
  ),
});
const whole = (path: string): SeenFile => ({ path, state: 'whole' });
const growing = (path: string): SeenFile => ({ path, state: 'growing' });
const broken = (path: string): SeenFile => ({ path, state: 'broken' });

const started = growing('_started_00001_.png');
const [f0, f1] = [growing('_finished0_00001_.png'), growing('_finished1_00001_.png')];
const [a, b] = [whole('0/a_00001_.png'), whole('1/b_00001_.png')];
const marked = plan('_finished0', '_finished0');
const twoMarkers = plan('_finished0', '_finished1');
const mixed = plan('_finished0', null);
const unmarked = plan(null, null);

const facts = (given: Plan, files: SeenFile[]): AttemptFacts => ({
  plan: given,
  sentAt: SENT,
  startedAt: files.length > 0 ? STARTED : null,
  changedAt: files.length > 0 ? CHANGED : SENT,
  files,
});

/** What is seen, and the judgement at once, after the quiet period, after the grace period, and at the job's deadline. */
const CASES: [string, Plan, SeenFile[], Judgement, Judgement, Judgement, Judgement][] = [
  ['only the start marker', marked, [started], 'wait', 'wait', 'wait', 'timed_out'],
  ['files, but no finish marker yet', marked, [started, a, b], 'wait', 'wait', 'whole', 'whole'],
  ['all files and the marker', marked, [started, a, b, f0], 'whole', 'whole', 'whole', 'whole'],
  ['all files and the marker, without the start marker', marked, [a, b, f0], 'whole', 'whole', 'whole', 'whole'],
  [
    'the marker, one file still growing',
    marked,
    [started, a, growing(b.path), f0],
    'wait',
    'wait',
    'incomplete',
    'incomplete',
  ],
  ['the marker, one file broken', marked, [started, a, broken(b.path), f0], 'wait', 'wait', 'incomplete', 'incomplete'],
  ['the marker, one node without a file', marked, [started, a, f0], 'wait', 'wait', 'incomplete', 'incomplete'],
  ['the marker and no file at all', marked, [started, f0], 'wait', 'wait', 'incomplete', 'incomplete'],
  [
    'a node’s second file still growing',
    marked,
    [a, growing('0/a_00002_.png'), b, f0],
    'wait',
    'wait',
    'incomplete',
    'incomplete',
  ],
  ['one of two markers', twoMarkers, [started, a, b, f0], 'wait', 'wait', 'whole', 'whole'],
  ['both of two markers', twoMarkers, [started, a, b, f0, f1], 'whole', 'whole', 'whole', 'whole'],
  ['no markers planned, all nodes have a file', unmarked, [started, a, b], 'wait', 'whole', 'whole', 'whole'],
  ['no markers planned, one node has none', unmarked, [started, a], 'wait', 'wait', 'wait', 'timed_out'],
  [
    'no markers planned, one file growing',
    unmarked,
    [started, a, growing(b.path)],
    'wait',
    'wait',
    'wait',
    'timed_out',
  ],
  [
    'no markers planned, one file broken',
    unmarked,
    [started, a, broken(b.path)],
    'wait',
    'wait',
    'incomplete',
    'incomplete',
  ],
  [
    'a file broken, and one of two markers',
    twoMarkers,
    [a, broken(b.path), f0],
    'wait',
    'wait',
    'incomplete',
    'incomplete',
  ],
  ['a broken stray', marked, [started, a, broken('x.png')], 'wait', 'wait', 'wait', 'timed_out'],
  ['a marker for one of two nodes, and all files', mixed, [started, a, b, f0], 'wait', 'whole', 'whole', 'whole'],
  ['a marker for one of two nodes, not there yet', mixed, [started, a, b], 'wait', 'wait', 'whole', 'whole'],
  [
    'a marker for one of two nodes, the other has no file',
    mixed,
    [started, a, f0],
    'wait',
    'wait',
    'wait',
    'timed_out',
  ],
  [
    'strays count for nothing',
    unmarked,
    [started, a, whole('7/b.png'), growing('x.tmp')],
    'wait',
    'wait',
    'wait',
    'timed_out',
  ],
  ['a growing stray holds nothing up', marked, [a, b, f0, growing('x.tmp')], 'whole', 'whole', 'whole', 'whole'],
];

describe('judge', () => {
  test.each(CASES)('%s', (_, given, files, atOnce, quiet, grace, deadline) => {
    const at = (now: number) => judge(facts(given, files), limits, now);
    expect([
      at(CHANGED),
      at(CHANGED + limits.quietMs),
      at(CHANGED + limits.graceMs),
      at(STARTED + limits.jobTimeoutMs),
    ]).toEqual([atOnce, quiet, grace, deadline]);
  });

  test.each([
    ['quiet', unmarked, [a, b], CHANGED + limits.quietMs, 'wait', 'whole'],
    ['grace', marked, [a, f0], CHANGED + limits.graceMs, 'wait', 'incomplete'],
    ['deadline', marked, [started], STARTED + limits.jobTimeoutMs, 'wait', 'timed_out'],
    ['start budget', marked, [], SENT + limits.startBudgetMs, 'wait', 'never_started'],
  ] as const)('the %s limit is reached on the millisecond', (_, given, files, moment, before, then) => {
    expect(judge(facts(given, [...files]), limits, moment - 1)).toBe(before);
    expect(judge(facts(given, [...files]), limits, moment)).toBe(then);
  });

  test('once whole, whole at any later time; and never whole without a whole file of each node', () => {
    const seen = fc.constantFrom(
      started,
      f0,
      f1,
      a,
      b,
      growing(a.path),
      broken(b.path),
      whole('0/c_00001_.png'),
      whole('9/x.png'),
    );
    const plans = fc.constantFrom(marked, twoMarkers, mixed, unmarked);
    const outcomes = new Set<Judgement>();
    fc.assert(
      fc.property(plans, fc.uniqueArray(seen), fc.nat(4_000_000), fc.nat(4_000_000), (given, files, early, more) => {
        const then = judge(facts(given, files), limits, SENT + early);
        outcomes.add(then);
        if (then !== 'whole') return;
        expect(judge(facts(given, files), limits, SENT + early + more)).toBe('whole');
        for (const { dir } of given.saves)
          expect(files.some(({ path, state }) => path.startsWith(`${dir}/`) && state === 'whole')).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(outcomes).toEqual(new Set<Judgement>(['wait', 'whole', 'incomplete', 'never_started', 'timed_out']));
  });
});

test.each([
  ['nothing', [], false],
  ['strays', [whole('x.png'), whole('5/x.png')], false],
  ['the start marker', [started], true],
  ['a finish marker', [f0], true],
  ['a file that grows', [growing('0/a.png')], true],
])('%s: alive is %3$s', (_, files, alive) => expect(isAlive({ plan: marked, files })).toBe(alive));
