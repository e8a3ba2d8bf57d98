import { expect, test } from 'vitest';
import { actOf } from './use-keys.ts';

test.each([
  ['x', false, 'reject'],
  ['X', false, 'reject'],
  ['X', true, undefined],
  ['I', true, 'in'],
  ['i', false, undefined],
  ['?', true, 'help'],
  ['<', true, 'back'],
  ['Delete', true, 'trash'],
  ['ArrowLeft', true, 'pan'],
])('%s with Shift %s: %s', (key, shiftKey, done) => {
  const said: string[] = [];
  const keys = { x: 'reject', 'shift+i': 'in', '?': 'help', '<': 'back', delete: 'trash', 'shift+arrowleft': 'pan' };
  const acts = Object.fromEntries(Object.entries(keys).map(([key, word]) => [key, () => said.push(word)]));
  actOf(acts, { key, shiftKey })?.();
  expect(said[0]).toBe(done);
});
