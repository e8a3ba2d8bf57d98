import { expect, test } from 'vitest';
import type { AuditEvent } from '#src/ports/audit-log.ts';
import { createBreakers } from '../state/circuit-breakers.ts';

const START = Date.parse('2026-11-23T10:00:00.000Z');

function breakersUnderTest() {
  const clock = { at: START, now: () => clock.at };
  const auditLog: Omit<AuditEvent, 'id'>[] = [];
  const logged: string[] = [];
  const note = (_: object, message: string) => void logged.push(message);
  const breakers = createBreakers(
    clock,
    { debug: note, info: note, warn: note, error: note },
    { write: async (act) => void auditLog.push(act) },
  );
  /** Of an endpoint for four jobs, two of which are there. */
  const room = () => breakers.capacity('e', 4, 2);
  return { clock, breakers, room, auditLog, logged };
}

test('a busy endpoint gets nothing until its time is up, then one job more at a time until one is accepted', () => {
  const { clock, breakers, room, auditLog, logged } = breakersUnderTest();
  expect(room()).toBe(4);
  breakers.busy('e', START + 5000);
  expect([room(), [...breakers.busyUntil()]]).toEqual([0, [['e', START + 5000]]]);
  // Others, and whether it is in order, have nothing to do with it.
  expect([breakers.capacity('f', 4, 2), breakers.restsUntil('e'), auditLog, logged]).toEqual([4, null, [], []]);

  // What was sent before it was busy says nothing of now.
  breakers.accepted('e');
  breakers.worked('e');
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

test('the longest time that was asked for counts, and an operator can end it', () => {
  const { breakers, room } = breakersUnderTest();
  breakers.busy('e', START + 9000);
  breakers.busy('e', START + 1000);
  expect(breakers.busyUntil().get('e')).toBe(START + 9000);
  breakers.open('e');
  expect(room()).toBe(4);
});

test('one that also fails cools down, whatever else it says', () => {
  const { clock, breakers, room } = breakersUnderTest();
  breakers.busy('e', START + 1000);
  breakers.failed('e', 'unreachable');
  clock.at = START + 1500;
  expect([room(), breakers.restsUntil('e')]).toEqual([0, START + 2000]);
});
