import { expect, test } from 'vitest';
import { toPlan } from './plans.ts';

const plan = { folder: 'a', saves: [], markerNodes: {} };

test('one that has been read before is not checked again', () => {
  expect(toPlan(JSON.stringify(plan))).toEqual(plan);
  expect(toPlan(JSON.stringify(plan))).toBe(toPlan(JSON.stringify(plan)));
});

test.each(['{}', 'no JSON', JSON.stringify({ ...plan, folder: 1 })])('%s is none, however often it is read', (text) => {
  for (let times = 0; times < 2; times += 1) expect(() => toPlan(text)).toThrow();
});
