import { expect, test } from 'vitest';
import { random } from './random.ts';
import { createTabCodes } from './tab-codes.ts';

function codes() {
  const time = { now: 0 };
  return { time, ...createTabCodes({ now: () => time.now }, random) };
}
const way = { sessionId: 'anna', state: 'own browser' };

test('a code is good once', () => {
  const { issue, take } = codes();
  const code = issue(way);
  expect([take(code, way.state), take(code, way.state)]).toEqual(['anna', null]);
  expect(take('made up', way.state)).toBeNull();
});

test('a code is good for half a minute', () => {
  const { issue, take, time } = codes();
  const [first, second] = [issue(way), issue(way)];
  time.now = 29_999;
  expect(take(first, way.state)).toBe('anna');
  time.now = 30_000;
  expect(take(second, way.state)).toBeNull();
});

test('a code is for the browser that asked, and another’s try ends it', () => {
  const { issue, take } = codes();
  const code = issue(way);
  expect([take(code, 'another browser'), take(code, way.state)]).toEqual([null, null]);
});

test('of one session the five newest are good, however many others there are', () => {
  const { issue, take } = codes();
  const bens = issue({ ...way, sessionId: 'ben' });
  const theirs = Array.from({ length: 8 }, () => issue(way));
  expect(theirs.map((code) => take(code, way.state) !== null)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(take(bens, way.state)).toBe('ben');
});
