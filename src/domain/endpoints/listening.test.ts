import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LISTENING, type ListeningFacts, type ListeningMode, listens, nextStep } from './listening.ts';

const NOW = 1_000_000;
const facts = (part: Partial<ListeningFacts>): ListeningFacts => ({
  inFlight: 1,
  unheard: 0,
  sockets: 0,
  capacity: 4,
  changedAt: NOW - 10_000,
  idleSince: null,
  refusals: 0,
  ...part,
});

describe('how many sockets listen', () => {
  test.each<[string, Partial<ListeningFacts>, ReturnType<typeof nextStep>]>([
    ['the first one at once', { changedAt: NOW }, 'open'],
    ['the next a little later', { sockets: 1, changedAt: NOW - 100 }, 'wait'],
    ['until there are as many as replicas', { sockets: 3 }, 'open'],
    ['then no more', { sockets: 4 }, 'wait'],
    ['but for what has started and is not heard', { sockets: 4, unheard: 1 }, 'open'],
    ['one after the other', { sockets: 4, unheard: 1, changedAt: NOW - 900 }, 'wait'],
    ['up to three for each replica', { sockets: 12, unheard: 1 }, 'wait'],
    ['and never more than sixteen', { sockets: 16, unheard: 9, capacity: 100 }, 'wait'],
    ['none where nothing is in flight', { inFlight: 0, idleSince: NOW }, 'wait'],
    ['those that are open stay for a while', { inFlight: 0, sockets: 4, idleSince: NOW - 59_000 }, 'wait'],
    ['and are closed then', { inFlight: 0, sockets: 4, idleSince: NOW - 60_000 }, 'close'],
    ['after a refusal: a pause', { refusals: 1, changedAt: NOW - 4999 }, 'wait'],
    ['then another try', { refusals: 1, changedAt: NOW - 5000 }, 'open'],
    ['which grows', { refusals: 3, changedAt: NOW - 19_999 }, 'wait'],
    ['up to ten minutes', { refusals: 50, changedAt: NOW - LISTENING.maxRefusedMs }, 'open'],
  ])('%s', (_, part, step) => expect(nextStep(facts(part), NOW)).toBe(step));

  test('whatever is heard: none is opened beyond the limit, and none closed while something is in flight', () => {
    const any = fc.record({
      inFlight: fc.nat(20),
      unheard: fc.nat(20),
      sockets: fc.nat(40),
      capacity: fc.integer({ min: 1, max: 50 }),
      changedAt: fc.integer({ min: NOW - 1_000_000, max: NOW + 1000 }),
      idleSince: fc.option(fc.integer({ min: 0, max: NOW })),
      refusals: fc.constantFrom(0, 1, 5),
    });
    fc.assert(
      fc.property(any, (some) => {
        const step = nextStep(some, NOW);
        if (some.inFlight > 0) expect(step).not.toBe('close');
        if (some.inFlight === 0) expect(step).not.toBe('open');
        if (some.refusals === 0 && some.sockets >= Math.min(16, 3 * some.capacity)) expect(step).not.toBe('open');
      }),
    );
  });
});

test.each<[ListeningMode, string, string | null, boolean]>([
  ['auto', 'http://10.0.0.1:8188', null, true],
  ['auto', 'https://containers.datacrunch.io/comfy', null, false],
  ['auto', 'https://containers.verda.com/comfy', null, false],
  ['auto', 'https://notverda.com.example/comfy', null, true],
  ['auto', 'https://proxy.example/comfy', 'comfy-spot', false],
  ['auto', 'no address', null, false],
  ['on', 'https://containers.verda.com/comfy', 'comfy', true],
  ['off', 'http://10.0.0.1:8188', null, false],
])('%s at %s (deployment %s): %s', (listening, url, deployment, is) =>
  expect(listens({ listening, url, deployment })).toBe(is),
);
