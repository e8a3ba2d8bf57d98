import { expect, test } from 'vitest';
import type { NewAct } from '#src/ports/audit-log.ts';
import type { Circuit } from '#src/ports/endpoints.ts';
import { createBreakers } from '../../state/circuit-breakers.ts';

const START = Date.parse('2026-11-23T10:00:00.000Z');

function breakersUnderTest() {
  const clock = { at: START, now: () => clock.at };
  const auditLog: NewAct[] = [];
  const stored: [string, Circuit][] = [];
  const logged: string[] = [];
  const note = (_: object, message: string) => void logged.push(message);
  const breakers = createBreakers({
    clock,
    log: { debug: note, info: note, warn: note, error: note },
    endpoints: {
      circuits: async () => new Map(stored),
      saveCircuit: async (id, circuit) => void stored.push([id, circuit]),
    },
    auditLog: {
      record(act, action) {
        auditLog.push(act);
        return action();
      },
    },
  });
  /** Of an endpoint for four jobs, two of which are there. */
  const room = () => breakers.capacity('e', 4, 2);
  return { clock, breakers, room, auditLog, stored, logged };
}

test('a busy endpoint gets nothing until its time is up, then one job more at a time until one is accepted', async () => {
  const { clock, breakers, room, auditLog, logged } = breakersUnderTest();
  expect(room()).toBe(4);
  breakers.busy('e', START + 5000);
  expect([room(), [...breakers.busyUntil()]]).toEqual([0, [['e', START + 5000]]]);
  // Others, and whether it is in order, have nothing to do with it.
  expect([breakers.capacity('f', 4, 2), breakers.restsUntil('e'), auditLog, logged]).toEqual([4, null, [], []]);

  // What was sent before it was busy says nothing of now.
  breakers.accepted('e');
  await breakers.worked('e');
  expect(room()).toBe(0);

  clock.at = START + 5000;
  expect([room(), breakers.busyUntil().size]).toEqual([3, 0]);
  breakers.busy('e', START + 7000);
  expect(room()).toBe(0);
  clock.at = START + 7000;
  expect(room()).toBe(3);
  breakers.accepted('e');
  expect(room()).toBe(4);
});

test('the longest time that was asked for counts, and an operator can end it', async () => {
  const { breakers, room } = breakersUnderTest();
  breakers.busy('e', START + 9000);
  breakers.busy('e', START + 1000);
  expect(breakers.busyUntil().get('e')).toBe(START + 9000);
  await breakers.open('e');
  expect(room()).toBe(4);
});

test('one that also fails cools down, whatever else it says', async () => {
  const { clock, breakers, room } = breakersUnderTest();
  breakers.busy('e', START + 1000);
  await breakers.failed('e', 'unreachable', 'a1');
  clock.at = START + 1500;
  expect([room(), breakers.restsUntil('e')]).toEqual([0, START + 2000]);
});

test('an attempt is counted once, however often its loss is handled', async () => {
  const { breakers, room } = breakersUnderTest();
  await breakers.failed('e', 'lost', 'a1');
  await breakers.failed('e', 'lost', 'a1');
  expect([room(), breakers.restsUntil('e')]).toEqual([1, null]);
  await breakers.failed('e', 'lost', 'a2');
  expect(room()).toBe(0);
});

test('each change is stored for the next start; only its beginning and its end are recorded', async () => {
  const { clock, breakers, auditLog, stored } = breakersUnderTest();
  await breakers.worked('e');
  expect(stored).toEqual([]);
  await breakers.failed('e', 'unreachable', 'a1');
  clock.at += 3000;
  await breakers.failed('e', 'unreachable', 'a2');
  await breakers.close('e', clock.at + 60_000);
  const cooling = { failures: 2, openUntil: START + 7000, closedUntil: 0 };
  expect(stored.slice(1)).toEqual([
    ['e', cooling],
    ['e', { ...cooling, closedUntil: START + 63_000 }],
  ]);
  const restarted = breakersUnderTest();
  restarted.clock.at = clock.at;
  restarted.stored.push(...stored);
  await restarted.breakers.restore();
  expect([restarted.breakers.restsUntil('e'), restarted.breakers.closedUntil('e')]).toEqual([
    START + 63_000,
    START + 63_000,
  ]);
  await restarted.breakers.worked('e');
  expect(auditLog.concat(restarted.auditLog).map(({ type }) => type)).toEqual(['endpoint.rests', 'endpoint.works']);
});
