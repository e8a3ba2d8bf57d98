import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../workflow/rewrite.ts';
import {
  type AttemptFacts,
  type AttemptJudgement,
  type AttemptLimits,
  isAlive,
  judge,
  type SeenFile,
  shortfall,
} from './attempt.ts';
import { NOTHING_KNOWN, type RunKnowledge } from './run-report.ts';

const limits: AttemptLimits = {
  startBudgetMs: 600_000,
  jobTimeoutMs: 1_800_000,
  markedQuietMs: 0,
  endQuietMs: 20_000,
  graceMs: 60_000,
};
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

const facts = (given: Plan, files: SeenFile[], run: RunKnowledge = NOTHING_KNOWN): AttemptFacts => ({
  plan: given,
  sentAt: SENT,
  startedAt: files.length > 0 ? STARTED : null,
  changedAt: files.length > 0 ? CHANGED : SENT,
  files,
  run,
});

const ended: RunKnowledge = { ...NOTHING_KNOWN, end: { type: 'success', texts: [] }, endedAt: CHANGED };
const failed: RunKnowledge = { ...NOTHING_KNOWN, end: { type: 'interrupted' }, endedAt: CHANGED };
const textOnly = plan();

/** What is seen, and the judgement at once, after the quiet time of an end, after the grace period, and at the job's deadline. */
type Row = [string, Plan, SeenFile[], AttemptJudgement, AttemptJudgement, AttemptJudgement, AttemptJudgement];

/** Nobody has said anything of the run. */
const UNHEARD: Row[] = [
  ['only the start marker', marked, [started], 'wait', 'wait', 'wait', 'timed_out'],
  ['files, but no finish marker yet', marked, [started, a, b], 'wait', 'wait', 'whole', 'whole'],
  ['all files and the marker', marked, [started, a, b, f0], 'whole', 'whole', 'whole', 'whole'],
  ['all files and the marker, without the start marker', marked, [a, b, f0], 'whole', 'whole', 'whole', 'whole'],
  ['the marker, a file growing', marked, [started, a, growing(b.path), f0], 'settling', 'over', 'over', 'over'],
  ['the marker, a file broken', marked, [started, a, broken(b.path), f0], 'settling', 'over', 'over', 'over'],
  ['the marker, a node without a file', marked, [started, a, f0], 'settling', 'over', 'over', 'over'],
  ['the marker and no file at all', marked, [started, f0], 'settling', 'over', 'over', 'over'],
  ['one of two markers', twoMarkers, [started, a, b, f0], 'wait', 'wait', 'whole', 'whole'],
  ['both of two markers', twoMarkers, [started, a, b, f0, f1], 'whole', 'whole', 'whole', 'whole'],
  ['no markers planned, all nodes have a file', unmarked, [started, a, b], 'wait', 'wait', 'whole', 'whole'],
  ['no markers planned, one node has none', unmarked, [started, a], 'wait', 'wait', 'wait', 'timed_out'],
  ['no markers planned, a file growing', unmarked, [started, a, growing(b.path)], 'wait', 'wait', 'wait', 'timed_out'],
  ['no markers planned, a file broken', unmarked, [started, a, broken(b.path)], 'wait', 'wait', 'wait', 'timed_out'],
  ['a broken stray', marked, [started, a, broken('x.png')], 'wait', 'wait', 'wait', 'timed_out'],
  ['a marker for one of two nodes, all files', mixed, [started, a, b, f0], 'wait', 'wait', 'whole', 'whole'],
  ['a marker for one of two, the other empty', mixed, [started, a, f0], 'wait', 'wait', 'wait', 'timed_out'],
  ['strays count for nothing', unmarked, [started, a, whole('7/b.png')], 'wait', 'wait', 'wait', 'timed_out'],
  ['a growing stray holds nothing up', marked, [a, b, f0, growing('x.tmp')], 'whole', 'whole', 'whole', 'whole'],
  ['nothing is planned but texts', textOnly, [started], 'wait', 'wait', 'wait', 'timed_out'],
];

/** A replica has said that it ran to its end. */
const HEARD: Row[] = [
  ['all files', unmarked, [started, a, b], 'settling', 'whole', 'whole', 'whole'],
  ['all files, no marker yet', marked, [started, a, b], 'settling', 'whole', 'whole', 'whole'],
  ['a file growing', unmarked, [started, a, growing(b.path)], 'settling', 'over', 'over', 'over'],
  ['a node without a file', marked, [started, a], 'settling', 'over', 'over', 'over'],
  [
    'a text that only the end proves',
    unmarked,
    [started, a, { path: '1/x.txt', state: 'unproven' }],
    'settling',
    'over',
    'over',
    'over',
  ],
  ['no file at all', marked, [started], 'settling', 'over', 'over', 'over'],
  ['not even our start marker', marked, [], 'settling', 'settling', 'elsewhere', 'elsewhere'],
  ['all files and the marker: nothing more to wait for', marked, [a, b, f0], 'whole', 'whole', 'whole', 'whole'],
  ['nothing was planned but texts', textOnly, [started], 'settling', 'whole', 'whole', 'whole'],
];

describe('judge', () => {
  const at = (given: Plan, files: SeenFile[], run: RunKnowledge) =>
    [CHANGED, CHANGED + limits.endQuietMs, CHANGED + limits.graceMs, STARTED + limits.jobTimeoutMs].map((now) =>
      judge(facts(given, files, run), limits, now),
    );

  test.each(UNHEARD)('unheard: %s', (_, given, files, ...expected) =>
    expect(at(given, files, NOTHING_KNOWN)).toEqual(expected),
  );
  test.each(HEARD)('heard to be over: %s', (_, given, files, ...expected) =>
    expect(at(given, files, ended)).toEqual(expected),
  );

  test('a run that failed or was interrupted is not judged from its files', () => {
    expect(judge(facts(unmarked, [started, a], failed), limits, CHANGED + limits.endQuietMs)).toBe('wait');
  });

  test('the quiet time begins with the last change, and with the news of the end', () => {
    const late = { ...ended, endedAt: CHANGED + 5000 };
    expect(judge(facts(marked, [started, a], late), limits, CHANGED + 5000 + limits.endQuietMs - 1)).toBe('settling');
    expect(judge(facts(marked, [started, a], late), limits, CHANGED + 5000 + limits.endQuietMs)).toBe('over');
  });

  test('where listings are cached, a marker counts once its folder was looked at again', () => {
    const cached = { ...limits, markedQuietMs: 500 };
    expect(judge(facts(marked, [a, b, f0]), cached, CHANGED + 499)).toBe('settling');
    expect(judge(facts(marked, [a, b, f0]), cached, CHANGED + 500)).toBe('whole');
  });

  test('as long as a replica says that it still runs, a folder that is still proves nothing', () => {
    const alive = { ...NOTHING_KNOWN, aliveAt: CHANGED + limits.graceMs };
    const now = CHANGED + limits.graceMs + 1000;
    expect(judge(facts(unmarked, [started, a, b], alive), limits, now)).toBe('wait');
    expect(judge(facts(marked, [started, a, f0], alive), limits, now)).toBe('settling');
    expect(judge(facts(unmarked, [started, a, b]), limits, now)).toBe('whole');
  });

  test.each([
    ['grace', unmarked, [a, b], CHANGED + limits.graceMs, 'wait', 'whole'],
    ['end', marked, [a, f0], CHANGED + limits.endQuietMs, 'settling', 'over'],
    ['deadline', marked, [started], STARTED + limits.jobTimeoutMs, 'wait', 'timed_out'],
    ['start budget', marked, [], SENT + limits.startBudgetMs, 'wait', 'never_started'],
  ] as const)('the %s limit is reached on the millisecond', (_, given, files, moment, before, then) => {
    expect(judge(facts(given, [...files]), limits, moment - 1)).toBe(before);
    expect(judge(facts(given, [...files]), limits, moment)).toBe(then);
  });

  test('once over, over at any later time; never whole without a whole file of each node, never over before its end is known', () => {
    const seen = fc.constantFrom(
      started,
      f0,
      f1,
      a,
      b,
      growing(a.path),
      broken(b.path),
      { path: '1/d.txt', state: 'unproven' } as const,
      whole('0/c_00001_.png'),
      whole('9/x.png'),
    );
    const plans = fc.constantFrom(marked, twoMarkers, mixed, unmarked);
    const runs = fc.constantFrom(NOTHING_KNOWN, ended);
    const outcomes = new Set<AttemptJudgement>();
    fc.assert(
      fc.property(
        plans,
        fc.uniqueArray(seen),
        runs,
        fc.nat(4_000_000),
        fc.nat(4_000_000),
        (given, files, run, early, more) => {
          const then = judge(facts(given, files, run), limits, SENT + early);
          outcomes.add(then);
          if (then !== 'whole' && then !== 'over') return;
          expect(judge(facts(given, files, run), limits, SENT + early + more)).toBe(then);
          const { silent, unproven, unfinished } = shortfall({ plan: given, files });
          expect(silent.length + unproven.length + unfinished.length > 0).toBe(then === 'over');
        },
      ),
      { numRuns: 5000 },
    );
    expect(outcomes).toEqual(
      new Set<AttemptJudgement>(['wait', 'settling', 'whole', 'over', 'elsewhere', 'never_started', 'timed_out']),
    );
  });
});

test('what a run that is over did not bring', () => {
  expect(shortfall({ plan: twoMarkers, files: [started, growing(a.path), f0] })).toEqual({
    unproven: [],
    unfinished: [a.path],
    silent: [{ nodeId: 'n1', classType: 'SaveImage' }],
    isEmpty: false,
  });
  expect(shortfall({ plan: marked, files: [started, f0, whole('9/x.png')] })).toMatchObject({ isEmpty: true });
});

test.each([
  ['nothing', [], false],
  ['strays', [whole('x.png'), whole('5/x.png')], false],
  ['the start marker', [started], true],
  ['a finish marker', [f0], true],
  ['a file that grows', [growing('0/a.png')], true],
])('%s: alive is %3$s', (_, files, alive) => expect(isAlive({ plan: marked, files })).toBe(alive));
