import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlatformReplicaState } from './platform-deployment.ts';
import { neededReplicas, type ProtectionFacts, type ProtectionStep, protectionStep } from './scale-in-protection.ts';

const QUIET = 60_000;
const ours = { minBefore: 1, minSet: 3, minAsked: 3 };
const facts = (part: Partial<ProtectionFacts>): ProtectionFacts => ({
  scaling: { min: 1, max: 6 },
  protection: null,
  needed: 0,
  quietForMs: 0,
  ...part,
});

test.each<[number, PlatformReplicaState[], boolean, number]>([
  [0, ['running', 'running'], false, 0],
  [0, ['running', 'running'], true, 1],
  [0, [], true, 1],
  [3, [], false, 3],
  [3, ['running'], true, 3],
  [1, ['running', 'running', 'initializing', 'image_pulling', 'unavailable', 'other'], false, 6],
  [1, ['running', 'terminating', 'error'], false, 1],
])('%i in flight with replicas %j, kept warm: %s: %i must stay', (inFlight, states, isKeptWarm, needed) => {
  const replicas = states.map((state) => ({ state }));
  expect(neededReplicas(inFlight, replicas, isKeptWarm)).toBe(needed);
});

test.each<[string, Partial<ProtectionFacts>, ProtectionStep]>([
  ['nothing is needed', { quietForMs: QUIET }, { type: 'nothing' }],
  ['as many as there are anyway', { needed: 1 }, { type: 'nothing' }],
  ['more', { needed: 3 }, { type: 'raise', protection: { minBefore: 1, minSet: 1, minAsked: 3 } }],
  ['more than there may be', { needed: 9 }, { type: 'raise', protection: { minBefore: 1, minSet: 1, minAsked: 6 } }],
  ['none may be', { needed: 2, scaling: { min: 0, max: 0 } }, { type: 'nothing' }],
  [
    'more still: what was before stays what it was',
    { needed: 5, protection: ours, scaling: { min: 3, max: 6 } },
    { type: 'raise', protection: { minBefore: 1, minSet: 3, minAsked: 5 } },
  ],
  ['fewer, but some: never lowered', { needed: 1, protection: ours, scaling: { min: 3, max: 6 } }, { type: 'nothing' }],
  ['none any more', { protection: ours, scaling: { min: 3, max: 6 }, quietForMs: QUIET - 1 }, { type: 'nothing' }],
  [
    'none for a while',
    { protection: ours, scaling: { min: 3, max: 6 }, quietForMs: QUIET },
    { type: 'restore', protection: { minBefore: 1, minSet: 3, minAsked: 1 } },
  ],
  ['somebody else has raised it', { protection: ours, scaling: { min: 4, max: 6 }, needed: 5 }, { type: 'leave' }],
  ['somebody else has put it back', { protection: ours, scaling: { min: 1, max: 6 }, needed: 5 }, { type: 'leave' }],
  [
    'we ended before it was raised',
    { protection: { minBefore: 1, minSet: 1, minAsked: 3 }, quietForMs: QUIET },
    { type: 'forget' },
  ],
  [
    'we ended when it was raised, and had not heard of it',
    { protection: { minBefore: 1, minSet: 1, minAsked: 3 }, scaling: { min: 3, max: 6 }, quietForMs: QUIET },
    { type: 'restore', protection: { minBefore: 1, minSet: 3, minAsked: 1 } },
  ],
  [
    'we ended when it was put back, and had not heard of it',
    { protection: { minBefore: 1, minSet: 3, minAsked: 1 }, quietForMs: QUIET },
    { type: 'forget' },
  ],
  [
    'there may be fewer now than there were before',
    { protection: { minBefore: 4, minSet: 6, minAsked: 6 }, scaling: { min: 6, max: 2 }, quietForMs: QUIET },
    { type: 'restore', protection: { minBefore: 4, minSet: 6, minAsked: 2 } },
  ],
])('%s', (_, part, step) => expect(protectionStep(facts(part), QUIET)).toEqual(step));

test('whatever is needed, and wherever we end, it comes back to what it was', () => {
  const turn = fc.record({ needed: fc.integer({ min: 0, max: 8 }), ends: fc.constantFrom('no', 'before', 'after') });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), fc.array(turn), (before, turns) => {
      let min = before;
      let protection: ProtectionFacts['protection'] = null;
      const take = (needed: number, ends: string): void => {
        const step = protectionStep({ scaling: { min, max: 6 }, protection, needed, quietForMs: QUIET }, QUIET);
        expect(step.type).not.toBe('leave');
        if (step.type === 'forget') protection = null;
        if (step.type !== 'raise' && step.type !== 'restore') return;
        if (needed > 0) expect(step.protection.minAsked).toBeGreaterThan(min);
        protection = step.protection;
        if (ends === 'before') return;
        min = step.protection.minAsked;
        if (ends === 'after') return;
        protection = step.type === 'restore' ? null : { ...protection, minSet: min };
      };
      for (const { needed, ends } of turns) take(needed, ends);
      take(0, 'no');
      expect({ min, protection }).toEqual({ min: before, protection: null });
    }),
  );
});
