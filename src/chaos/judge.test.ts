import { describe, expect, test } from 'vitest';
import type { Evidence, HeardEvent, ListedResult, SeenJob } from './evidence.ts';
import { judgeChaos, RULES } from './judge.ts';
import type { Written } from './written.ts';

/** Two participants; a job for each way in which one may end. */
type Told = Pick<SeenJob, 'id' | 'owner' | 'kind' | 'status'> & Partial<SeenJob>;
const JOBS: readonly Told[] = [
  { id: 'a1', owner: 'Anna', kind: 'one picture', status: 'completed' },
  { id: 'a2', owner: 'Anna', kind: 'three pictures', status: 'completed', attempts: 2 },
  { id: 'a3', owner: 'Anna', kind: 'two save nodes', status: 'cancelled', cancel: 'granted', reason: 'cancelled' },
  { id: 'b1', owner: 'Ben', kind: 'two save nodes', status: 'completed', cancel: 'too late' },
  { id: 'b2', owner: 'Ben', kind: 'one picture', status: 'failed', reason: 'lost', attempts: 3 },
  { id: 'b3', owner: 'Ben', kind: 'unknown class', status: 'failed', reason: 'rejected_by_worker' },
  { id: 'b4', owner: 'Ben', kind: 'failing node', status: 'failed', reason: 'execution_error' },
];
const FILES: Readonly<Record<string, readonly (readonly [nodeId: string, name: string])[]>> = {
  a1: [['9', 'shot_00001_.png']],
  a2: [
    ['9', 'shot_00002_.png'],
    ['9', 'shot_00003_.png'],
    ['9', 'shot_00004_.png'],
  ],
  b1: [
    ['9', 'shot_00001_.png'],
    ['10', 'takes/alt_00001_.png'],
  ],
};

/** A run in which everything was as it must be. */
function sound(): Evidence {
  const listed = (jobId: string): ListedResult[] =>
    (FILES[jobId] ?? []).map(([nodeId, filename]) => ({
      id: `${jobId}/${filename}`,
      jobId,
      nodeId,
      filename,
      sha256: `sha of ${jobId} ${filename}`,
    }));
  const jobs = JOBS.map(
    (told, index): SeenJob => ({
      serial: index + 1,
      cancel: 'not asked',
      reason: null,
      message: told.status === 'failed' ? 'It failed.' : null,
      attempts: 1,
      results: listed(told.id),
      ...told,
    }),
  );
  const written = (path: string, { jobId, sha256 }: ListedResult): Written => ({
    path,
    sha256,
    whole: true,
    jobId,
    serial: jobs.find(({ id }) => id === jobId)?.serial ?? null,
  });
  let eventId = 0;
  const received = (type: string, jobId: string | null, resultId: string | null = null): HeardEvent => {
    if (type !== 'feed.ready') eventId += 1;
    return { id: String(eventId), type, jobId, resultId, missed: false };
  };
  const people = ['Anna', 'Ben'].map((name) => {
    const own = jobs.filter(({ owner }) => owner === name);
    return {
      name,
      jobIds: own.map(({ id }) => id),
      results: own.flatMap(({ results }) => results),
      received: [
        received('feed.ready', null),
        ...own.flatMap(({ id, results }) => [
          received('job.updated', id),
          ...results.map((result) => received('result.added', id, result.id)),
          received('feed.ready', null),
        ]),
      ],
    };
  });
  const all = jobs.flatMap(({ results }) => results);
  return {
    faults: ['server killed', 'replica killed', 'share away'],
    jobs,
    people,
    outputs: people.flatMap(({ name, results }) => results.map((one) => written(`${name}/${one.filename}`, one))),
    share: [
      ...all.map((one) => written(`comfyume/attempt-of-${one.jobId}/${one.nodeId}/${one.filename}`, one)),
      // The first attempt of a2 wrote one of its files too, and half of another.
      ...all.slice(1, 2).map((one) => written(`comfyume/first-of-a2/${one.nodeId}/${one.filename}`, one)),
      ...all.slice(2, 3).map((one) => ({ ...written(`comfyume/first-of-a2/9/half.png`, one), whole: false })),
      ...all.slice(0, 1).map((one) => ({ ...written(`comfyume/attempt-of-a1/_started_00001_.png`, one) })),
    ],
    incoming: [],
    strays: [],
    server: [],
  };
}

type Spoil = (evidence: Evidence) => Evidence;
const job =
  (id: string, change: Partial<SeenJob>): Spoil =>
  (evidence) => ({
    ...evidence,
    jobs: evidence.jobs.map((one) => (one.id === id ? { ...one, ...change } : one)),
  });
type PersonSeen = Evidence['people'][number];
const person =
  (name: string, change: (one: PersonSeen) => Partial<PersonSeen>): Spoil =>
  (evidence) => ({
    ...evidence,
    people: evidence.people.map((one) => (one.name === name ? { ...one, ...change(one) } : one)),
  });
const output =
  (path: string, change: (file: Written) => Written[]): Spoil =>
  (evidence) => ({
    ...evidence,
    outputs: evidence.outputs.flatMap((file) => (file.path === path ? change(file) : [file])),
  });

const CASES: readonly (readonly [rule: keyof typeof RULES, what: string, spoil: Spoil])[] = [
  ['allEnded', 'a job that never ends', job('b2', { status: 'delivering', reason: 'storage_full' })],
  ['rightReasons', 'a reason that no fault explains', job('b2', { reason: 'timed_out' })],
  ['rightReasons', 'a reason of a fault that was not there', job('b2', { reason: 'endpoint_unreachable' })],
  ['rightReasons', 'given up too early', job('b2', { attempts: 2 })],
  ['rightReasons', 'no sentence', job('b2', { message: null })],
  ['rightReasons', 'no reason', job('b2', { reason: null })],
  ['rightReasons', 'a sound graph that a worker refuses', job('b2', { reason: 'rejected_by_worker' })],
  ['rightReasons', 'completed with a reason', job('a1', { reason: 'storage_full' })],
  ['rightReasons', 'completed, but cannot be', job('b4', { status: 'completed', reason: null })],
  ['cancelledOnlyWhenAsked', 'cancelled by nobody', job('a1', { status: 'cancelled' })],
  ['cancelledOnlyWhenAsked', 'cancelled although told that it had ended', job('b1', { status: 'cancelled' })],
  ['cancelledOnlyWhenAsked', 'completed although cancelled', job('a3', { status: 'completed' })],
  [
    'fewFail',
    'more failures than bad luck brings',
    (evidence) => job('b1', { status: 'failed', reason: 'lost', attempts: 3, message: 'x' })(evidence),
  ],
  ['oneJobPerRequest', 'a request that made two jobs', person('Anna', ({ jobIds }) => ({ jobIds: [...jobIds, 'a9'] }))],
  ['oneJobPerRequest', 'a job that is gone', person('Anna', ({ jobIds }) => ({ jobIds: jobIds.slice(1) }))],
  ['oneJobPerRequest', 'a job listed twice', person('Anna', ({ jobIds }) => ({ jobIds: [...jobIds, 'a1'] }))],
  [
    'oneJobPerRequest',
    'two requests, one job',
    (evidence) => ({ ...evidence, jobs: [...evidence.jobs, ...evidence.jobs.slice(0, 1)] }),
  ],
  ['exactFiles', 'a file too few', job('a2', { results: sound().jobs[1]!.results.slice(1) })],
  ['exactFiles', 'a file too many', job('a1', { results: sound().jobs[1]!.results })],
  ['exactFiles', 'a file of a node that saves nothing', job('a1', { results: sound().jobs[3]!.results })],
  ['eachFileOnce', 'a file that is not there', output('Anna/shot_00001_.png', () => [])],
  ['eachFileOnce', 'half a file', output('Anna/shot_00001_.png', (file) => [{ ...file, whole: false }])],
  ['eachFileOnce', 'other bytes', output('Anna/shot_00001_.png', (file) => [{ ...file, sha256: 'other' }])],
  ['eachFileOnce', 'a file of another job', output('Anna/shot_00001_.png', (file) => [{ ...file, jobId: 'a2' }])],
  ['eachFileOnce', 'another picture', output('Anna/shot_00001_.png', (file) => [{ ...file, serial: 99 }])],
  [
    'eachFileOnce',
    'a copy that nobody knows of',
    output('Anna/shot_00001_.png', (file) => [file, { ...file, path: 'Anna/shot_00009_.png' }]),
  ],
  [
    'eachFileOnce',
    'a copy at somebody else’s',
    output('Anna/shot_00001_.png', (file) => [file, { ...file, path: 'Ben/shot_00009_.png' }]),
  ],
  [
    'eachFileOnce',
    'one picture delivered under two names',
    (evidence) => {
      const twin = (results: readonly ListedResult[]) => [
        ...results,
        { ...results[0]!, id: 'twin', filename: 'twin.png' },
      ];
      const copied = output('Anna/shot_00001_.png', (file) => [file, { ...file, path: 'Anna/twin.png' }])(evidence);
      return person('Anna', ({ results }) => ({ results: twin(results) }))(copied);
    },
  ],
  [
    'nothingOfOthers',
    'a result of somebody else',
    person('Anna', ({ results }) => ({ results: [...results, ...sound().people[1]!.results] })),
  ],
  ['nothingLeftOnShare', 'a whole file that was not delivered', job('a1', { results: [] })],
  [
    'nothingLeftOnShare',
    'a file of a failed job that was left',
    (evidence) => ({
      ...evidence,
      share: [
        ...evidence.share,
        { path: 'comfyume/x/0/shot_00001_.png', sha256: '', whole: true, jobId: 'b2', serial: 5 },
      ],
    }),
  ],
  ['nothingLeftOnShare', 'a stray', (evidence) => ({ ...evidence, strays: ['comfyume/nobody/0/x.png'] })],
  [
    'eventsOnce',
    'the same event twice',
    person('Anna', ({ received }) => ({
      received: [
        ...received,
        ...received.slice(-1),
        ...received.filter(({ resultId }) => resultId !== null).slice(0, 1),
      ],
    })),
  ],
  [
    'eventsOnce',
    'a result nobody was told of',
    person('Anna', ({ received }) => ({
      received: received.filter(({ resultId }) => resultId !== 'a1/shot_00001_.png'),
    })),
  ],
  ['eventsOnce', 'a result that is not there', person('Anna', ({ results }) => ({ results: results.slice(1) }))],
  ['eventsOnce', 'an event of somebody else', person('Anna', () => ({ received: sound().people[1]!.received }))],
  ['eventsOnce', 'out of order', person('Anna', ({ received }) => ({ received: received.toReversed() }))],
  [
    'eventsOnce',
    'events missing',
    person('Anna', ({ received }) => ({ received: received.map((one) => ({ ...one, missed: true })) })),
  ],
  ['nothingHalfBrought', 'a leftover', (evidence) => ({ ...evidence, incoming: ['0123'] })],
  [
    'serverBehaved',
    'an end that nobody asked for',
    (evidence) => ({ ...evidence, server: ['The server ended by itself.'] }),
  ],
];

describe('judging', () => {
  test('a run in which everything was as it must be has no findings', () => {
    expect(judgeChaos(sound())).toEqual([]);
  });

  test.each(CASES)('%s finds %s', (rule, _, spoil) => {
    expect(RULES[rule](spoil(sound()))).not.toEqual([]);
  });

  test('every rule can fail', () => {
    expect(new Set(CASES.map(([rule]) => rule))).toEqual(new Set(Object.keys(RULES)));
  });
});
