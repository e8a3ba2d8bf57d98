import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlatformReplicaState } from '../endpoints/platform-deployment.ts';
import { JOB_STATUSES, type JobStatus } from './job.ts';
import { HELD_MS, PHASES, type Phase, type PhaseFacts, phaseOf, startStageOf } from './phase.ts';

const NOW = 1_000_000;
const attempt = { sentAt: 500_000, answer: null, answeredAt: null, startedAt: null, wholeAt: null };
const facts = (status: JobStatus, part: Partial<PhaseFacts> = {}): PhaseFacts => ({
  status,
  createdAt: 100_000,
  endedAt: null,
  attempt,
  gpuStart: null,
  ...part,
});
const sent = (ago: number, answeredAt: number | null = null) =>
  facts('dispatched', { attempt: { ...attempt, sentAt: NOW - ago, answeredAt } });

const CASES: [string, PhaseFacts, Phase, number][] = [
  ['in line', facts('queued', { attempt: null }), 'waiting', 100_000],
  ['in line again after a lost attempt', facts('queued'), 'waiting', 100_000],
  ['just sent', sent(0), 'sent', NOW],
  ['held, but not for long', sent(HELD_MS - 1), 'sent', NOW - HELD_MS + 1],
  ['held by the balancer', sent(HELD_MS), 'waking', NOW - HELD_MS],
  ['held, then accepted', sent(60_000, NOW - 1000), 'waking', NOW - 60_000],
  ['accepted at once, nothing seen', sent(60_000, NOW - 59_999), 'sent', NOW - 60_000],
  ['just sent, and the platform starts a GPU', { ...sent(0), gpuStart: { from: 1, until: NOW + 1 } }, 'waking', NOW],
  ['sent after the GPU was up', { ...sent(0), gpuStart: { from: 1, until: NOW - 1 } }, 'sent', NOW],
  [
    'given up by the balancer, and the platform starts a GPU',
    facts('dispatched', {
      attempt: { ...attempt, answer: 'unknown', answeredAt: 500_001 },
      gpuStart: { from: NOW, until: NOW + 1 },
    }),
    'waking',
    500_000,
  ],
  [
    'taken by a worker, whatever else the platform starts',
    facts('dispatched', {
      attempt: { ...attempt, answer: 'accepted', answeredAt: 500_001 },
      gpuStart: { from: 500_002, until: NOW + 1 },
    }),
    'sent',
    500_000,
  ],
  ['dispatched, attempt not read', facts('dispatched', { attempt: null }), 'sent', 100_000],
  ['running', facts('running', { attempt: { ...attempt, startedAt: 600_000 } }), 'rendering', 600_000],
  ['running, start not recorded', facts('running'), 'rendering', 500_000],
  ['running, attempt not read', facts('running', { attempt: null }), 'rendering', 100_000],
  ['delivering', facts('delivering', { attempt: { ...attempt, wholeAt: 700_000 } }), 'delivering', 700_000],
  ['delivering, moment not recorded', facts('delivering'), 'delivering', 500_000],
  ['completed', facts('completed', { endedAt: 900_000 }), 'done', 900_000],
  ['failed', facts('failed', { endedAt: 900_000 }), 'failed', 900_000],
  ['failed before it was sent', facts('failed', { endedAt: 900_000, attempt: null }), 'failed', 900_000],
  ['cancelled', facts('cancelled', { endedAt: 900_000 }), 'cancelled', 900_000],
];

test.each(CASES)('%s', (_, given, phase, since) => expect(phaseOf(given, NOW)).toEqual({ phase, since }));

test('every phase and every status is in the table', () => {
  expect(new Set(CASES.map(([, , phase]) => phase))).toEqual(new Set(PHASES));
  expect(new Set(CASES.map(([, given]) => given.status))).toEqual(new Set(JOB_STATUSES));
});

test('a phase never goes back while an attempt is on its way', () => {
  const moment = fc.nat(20_000);
  fc.assert(
    fc.property(
      fc.record({ answeredAt: moment, from: moment, until: moment, startedAt: moment }),
      fc.constantFrom('accepted', 'unknown'),
      (at, answer) => {
        const order = ['sent', 'waking', 'rendering'];
        const places = Array.from({ length: 200 }, (_, tick) => {
          const now = tick * 100;
          const isAnswered = now >= at.answeredAt;
          const isStarted = now >= at.startedAt;
          const { phase } = phaseOf(
            facts(isStarted ? 'running' : 'dispatched', {
              attempt: {
                sentAt: 0,
                answer: isAnswered ? answer : null,
                answeredAt: isAnswered ? at.answeredAt : null,
                startedAt: isStarted ? at.startedAt : null,
                wholeAt: null,
              },
              gpuStart: now < at.from ? null : { from: at.from, until: now < at.until ? now + 30_000 : at.until },
            }),
            now,
          );
          return order.indexOf(phase);
        });
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      },
    ),
  );
});

test.each<[PlatformReplicaState[], ReturnType<typeof startStageOf>]>([
  [[], null],
  [['image_pulling'], 'image_pulling'],
  [['image_pulling', 'initializing'], 'initializing'],
  [['initializing', 'running'], null],
  [['terminating', 'unavailable', 'error', 'other'], null],
  [['terminating', 'image_pulling'], 'image_pulling'],
])('replicas that are %j: %s', (states, wake) => expect(startStageOf(states.map((state) => ({ state })))).toBe(wake));
