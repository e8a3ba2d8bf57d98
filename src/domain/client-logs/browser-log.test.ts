import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makePassphrase } from '../users/passphrase.ts';
import { browserName, logGroup, redact } from './browser-log.ts';
import { browserLogBatch } from './browser-log-batch.ts';

describe('secrets are taken out', () => {
  test.each([
    ['Authorization: Bearer abc.def-123', 'Authorization: [removed]'],
    ['fetch failed with bearer 0a1b2c3d4e5f', 'fetch failed with bearer [removed]'],
    ['Set-Cookie: comfyume=s3cr3t; Path=/', 'Set-Cookie: [removed]'],
    ['{"password":"open sesame","user":"Ada"}', '{"password":[removed],"user":"Ada"}'],
    ["passphrase = 'otter one'", 'passphrase = [removed]'],
    ['passphrase: otter-one, name: Ada', 'passphrase: [removed], name: Ada'],
    ['api_key=sk-1 and token:xyz;', 'api_key=[removed] and token:[removed];'],
    ['key=abc', 'key=[removed]'],
    ['GET https://x.test/api/view?filename=a.png&token=1 404', 'GET https://x.test/api/view?[removed] 404'],
    ['GET /view?filename=a.png failed', 'GET /view?[removed] failed'],
    ['at https://x.test/in#code-of-mine', 'at https://x.test/in?[removed]'],
    ['https://ada:pw@x.test/a', 'https://[removed]@x.test/a'],
    ['with otter-maple-comet-river-42 they could', 'with [removed] they could'],
    ['eyJhbGciOi.eyJzdWIiOiIx.c2ln end', '[removed] end'],
    ['hash 9f86d081884c7d659a2feaa0c55ad015 end', 'hash [removed] end'],
    ['made data:image/png;base64,AAAA of it', 'made data:[removed] of it'],
  ])('%s', (text, told) => expect(redact(text)).toBe(told));

  test('whatever the secret, wherever it stands', () => {
    const below = fc.array(fc.nat(1_000_000), { minLength: 5, maxLength: 5 });
    const secret = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      below.map((numbers) => makePassphrase((most) => (numbers.pop() ?? 0) % most)),
    );
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom('', 'Error: ', 'x: "', '('),
        fc.constantFrom('', '"', ' at 3', ')'),
        (s, a, z) => {
          expect(redact(`${a}${s}${z}`)).not.toContain(s);
        },
      ),
    );
  });

  test('taking out twice changes nothing more', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => redact(redact(text)) === redact(text)));
  });

  test.each([
    'TypeError: Cannot read properties of undefined (reading "widgets")',
    'at KSampler.onExecuted (http://localhost:3000/extensions/core/groupNode.js:12:34)',
    'Unexpected token < in JSON at position 0',
    'job 0b0fca5c-6b5a-4a3e-8c43-0b8c1d2f3a4b was lost',
    'Is this the basic sampler?',
    'VideoHelperSuite_VideoCombine has no output',
  ])('what is none stays: %s', (text) => expect(redact(text)).toBe(text));

  // Patterns that go back and forth over such a text would not come to an end before the test is given up.
  test.each(['a', '/', 'a?', 'a-', 'token', '=', 'a://', 'A1/'])(
    'of a long text of %s only the beginning is read',
    (piece) => expect(redact(piece.repeat(100_000 / piece.length)).length).toBeLessThanOrEqual(20_000),
  );
});

test.each([
  ['Failed to load 12 of 40 models', 'Failed to load 3 of 7 models', true],
  ['job 0b0fca5c-6b5a-4a3e-8c43-0b8c1d2f3a4b is gone', 'job 1c0fca5c-6b5a-4a3e-8c43-0b8c1d2f3a4b is gone', true],
  ['GET http://a.test/view?x=1 404', 'GET http://b.test/prompt 404', true],
  ['node is missing', 'model is missing', false],
])('%s and %s: one group is %s', (a, b, same) => {
  expect(logGroup('error', a) === logGroup('error', b)).toBe(same);
  expect(logGroup('error', a)).not.toBe(logGroup('warning', a));
});

test('what is too long is cut, what is too much refused', () => {
  const entry = { level: 'error', message: 'x '.repeat(5000), page: '/', at: '2026-01-01T00:00:00Z' };
  const sent = { source: 'comfyui', browser: 'x', entries: [{ ...entry, stack: 'y '.repeat(9000) }] };
  const [parsed] = browserLogBatch.parse(sent).entries;
  expect([parsed?.message.length, parsed?.stack?.length, parsed?.count]).toEqual([2000, 8000, 1]);
  const batch = { source: 'comfyui', browser: 'x', entries: Array.from({ length: 51 }, () => entry) };
  expect(browserLogBatch.safeParse(batch).success).toBe(false);
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0',
    'Edge 128 on Windows',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0', 'Firefox 131 on Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'Safari 17 on macOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Mobile Safari/537.36',
    'Chrome 127 on Android',
  ],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['', 'Unknown browser'],
])('%s', (userAgent, name) => expect(browserName(userAgent)).toBe(name));

test('a browser may say how it calls itself, or be named', () => {
  const entries = [{ level: 'error', message: 'm', page: '/', at: '2026-11-23T10:00:00.000Z' }];
  const named = (browser: string) => browserLogBatch.parse({ source: 'comfyui', browser, entries }).browser;
  expect(named('Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0')).toBe('Firefox 131 on Linux');
  expect(named('Firefox 131 on Linux')).toBe('Firefox 131 on Linux');
});
