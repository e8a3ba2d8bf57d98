import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { openHidden, recall, remember } from './memory.ts';
import { newStore, newTab } from './tab.testing.ts';

afterAll(() => vi.unstubAllGlobals());
beforeEach(() => void newTab());

test('what is kept is there again, under a name of its own', () => {
  expect(recall('localStorage', 'place')).toBeNull();
  expect(remember('localStorage', 'place', { left: 1 })).toBe(true);
  expect(recall('localStorage', 'place')).toEqual({ left: 1 });
  expect(recall('sessionStorage', 'place')).toBeNull();
  expect(window.localStorage.getItem('comfyume.place')).toBe('{"left":1}');
});

test('what somebody else wrote there is nothing', () => {
  window.localStorage.setItem('comfyume.place', '{broken');
  expect(recall('localStorage', 'place')).toBeNull();
});

const throws = (what: string) => () => {
  throw new DOMException(what, what);
};
test.each([
  ['full', () => ({ ...newStore(), setItem: throws('QuotaExceededError') })],
  ['forbidden', () => ({ getItem: throws('SecurityError'), setItem: throws('SecurityError') })],
])('a store that is %s only forgets, and says so', (_, store) => {
  newTab(undefined, store);
  expect(remember('localStorage', 'place', 1)).toBe(false);
  expect(recall('localStorage', 'place')).toBeNull();
  const hidden = openHidden();
  hidden.add(['a']);
  expect([hidden.has('a', 5), hidden.has('b', 5)]).toEqual([true, false]);
});

test('hidden: by id, or all until then; of the ids the newest five hundred', () => {
  const hidden = openHidden();
  hidden.add(Array.from({ length: 501 }, (_, at) => String(at)));
  expect([hidden.has('0', 5), hidden.has('1', 5), hidden.has('500', 5)]).toEqual([false, true, true]);
  hidden.all(10);
  const again = openHidden();
  expect([again.has('x', 10), again.has('x', 11), again.has('1', 11)]).toEqual([true, false, false]);
});
