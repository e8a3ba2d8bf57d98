import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerSentence, BUSY_PAUSE, busyPauseMs, firstLine, isPaused, verdictOf } from './http-answer.ts';

describe('what an answer that is none of ComfyUI’s own proves', () => {
  test.each([
    [200, null, 'unknown'],
    [202, null, 'unknown'],
    [301, null, 'not_taken'],
    [302, null, 'not_taken'],
    [307, '3', 'not_taken'],
    [308, null, 'not_taken'],
    [400, null, 'not_taken'],
    [401, null, 'not_taken'],
    [402, null, 'not_taken'],
    [403, null, 'not_taken'],
    [404, null, 'not_taken'],
    [405, null, 'not_taken'],
    [408, null, 'not_taken'],
    [413, null, 'too_large'],
    [413, '3', 'too_large'],
    [429, null, 'busy'],
    [429, '3', 'busy'],
    [429, 'nonsense', 'busy'],
    [500, null, 'unknown'],
    [500, '3', 'unknown'],
    [502, null, 'unknown'],
    [502, '3', 'unknown'],
    [503, null, 'unknown'],
    [503, '3', 'busy'],
    [503, '', 'busy'],
    [504, null, 'unknown'],
    [511, null, 'unknown'],
  ] as const)('%i with Retry-After %s: %s', (status, retryAfter, verdict) => {
    expect(verdictOf({ status, retryAfter })).toBe(verdict);
  });
});

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
describe('how long it wants to be left alone', () => {
  test.each([
    [null, 5000],
    ['', 5000],
    ['soon', 5000],
    ['5', 5000],
    [' 90 ', 90_000],
    ['0', 1000],
    ['-3', 1000],
    ['86400', 300_000],
    ['9'.repeat(400), 300_000],
    ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 1000],
    ['Mon, 23 Nov 2027 10:00:00 GMT', 300_000],
  ])('%j: %i ms', (header, ms) => {
    expect(busyPauseMs(header, NOW)).toBe(ms);
  });

  test('within bounds, whatever is said', () => {
    fc.assert(
      fc.property(fc.option(fc.string()), fc.integer({ min: 0, max: 4e12 }), (header, now) => {
        const ms = busyPauseMs(header, now);
        expect(ms).toBeGreaterThanOrEqual(BUSY_PAUSE.minMs);
        expect(ms).toBeLessThanOrEqual(BUSY_PAUSE.maxMs);
      }),
    );
  });

  test.each([
    [NOW + 1, true],
    [NOW, false],
    [NOW + BUSY_PAUSE.maxMs, true],
    [NOW + BUSY_PAUSE.maxMs + 1, false],
  ])('it ends by itself, also when the clock is set back', (until, paused) => {
    expect(isPaused(until, NOW)).toBe(paused);
  });
});

test.each([
  ['', ''],
  ['no healthy upstream', 'no healthy upstream'],
  ['\r\n\r\n  first \t line \r\nsecond', 'first line'],
  [
    '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>',
    '404 Not Found',
  ],
  ['<!-- a -->\n<style>\nb { color: red }\n</style><p>Please <b>sign in</b>.</p>', 'Please sign in .'],
  ['<script>steal()</script>Hello', 'Hello'],
  ['{"error":"inference request was canceled"}', '{"error":"inference request was canceled"}'],
  ['a < b', 'a < b'],
  ['\u0000\u001b[31mred', '[31mred'],
  ['x'.repeat(300), `${'x'.repeat(200)}…`],
])('the first line of %j', (text, line) => {
  expect(firstLine(text)).toBe(line);
});

// Only its beginning is read, and patterns that go back and forth over it would not come to an end before the test is given up.
test.each(['<', '<!--', '<script>', 'x', '\n', '<a '])('the first line of a huge or broken page of %j', (piece) =>
  expect(firstLine(piece.repeat(1_000_000)).length).toBeLessThanOrEqual(201),
);

const answer = { status: 404, type: 'text/plain', retryAfter: null, location: null, text: '' };
test.each([
  [{ ...answer, text: 'no route' }, 'answered 404 (not ComfyUI): no route'],
  [answer, 'answered 404 (not ComfyUI).'],
  [{ ...answer, status: 500, text: 'Server got itself in trouble' }, 'answered 500: Server got itself in trouble'],
  [{ ...answer, status: 500, type: 'text/html', text: '<p>Oops' }, 'answered 500 (not ComfyUI): Oops'],
  [{ ...answer, status: 200, type: null, text: ' <p>Welcome' }, 'answered 200 (not ComfyUI): Welcome'],
  [{ ...answer, status: 200, text: '{}' }, 'answered 200: {}'],
  [{ ...answer, status: 302, location: '/login?next=a' }, 'answered 302 (not ComfyUI): it redirects to /login'],
  [
    { ...answer, status: 302, location: 'https://u:p@sso.example/in?token=a#b' },
    'answered 302 (not ComfyUI): it redirects to https://sso.example/in',
  ],
])('%j', (given, words) => {
  expect(answerSentence('H200 spot', given)).toBe(`The address of endpoint H200 spot ${words}`);
});
