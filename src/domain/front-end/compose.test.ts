import { expect, test } from 'vitest';
import { compose, type Source } from './compose.ts';
import { captureStep } from './due.ts';
import { type FrontEnd, type FrontEndFile, MAX_EXTRAS, withExtras } from './front-end.ts';
import { mergeGathered } from './merge.ts';

const file = (sha256: string, bytes = 1): FrontEndFile => ({ sha256, type: 'text/javascript', bytes });
const frontEnd = (files: Record<string, string>, more: Partial<FrontEnd> = {}): FrontEnd => ({
  key: 'k',
  capturedAt: 0,
  versions: { comfyui: null, frontEnd: null, requiredFrontEnd: null },
  files: new Map(Object.entries(files).map(([path, sha256]) => [path, file(sha256)])),
  extras: new Map(),
  extensions: Object.keys(files).filter((path) => /^extensions\/.*\.js$/.test(path)),
  leftOut: [],
  ...more,
});
const source = (endpointId: string, files: Record<string, string>, previous: FrontEnd | null = null): Source => ({
  endpointId,
  frontEnd: frontEnd(files),
  previous,
});

const A = source('A', {
  'index.html': 'a',
  'assets/index-AAAAAAA1.js': 'a',
  'extensions/core/c.js': 'a',
  'extensions/both/x.js': 'a',
  'extensions/both/y.js': 'a',
  'extensions/My Pack/x.js': 'a',
});
const B = source('B', {
  'index.html': 'b',
  'extensions/core/c.js': 'b',
  'extensions/both/x.js': 'b',
  'extensions/both/only-b.js': 'b',
  'extensions/b/x.js': 'b',
  'extensions/comfyume/x.js': 'b',
  'templates/t.json': 'b',
});

test('the page is the first endpoint’s; each node pack is whole from the first that has it', () => {
  const all = compose([A, B], null);
  expect(all).toMatchObject({ primaryId: 'A', hasPage: true });
  const from = (path: string) => all.find(path)?.sha256 ?? null;
  expect(
    ['index.html', 'extensions/core/c.js', 'extensions/both/x.js', 'extensions/b/x.js', 'templates/t.json'].map(from),
  ).toEqual([...'aaabb']);
  expect(['extensions/both/only-b.js', 'extensions/comfyume/x.js', 'i18n', 'constructor'].map(from)).toEqual(
    Array(4).fill(null),
  );
  expect(all.extensions).toEqual([
    '/extensions/core/c.js',
    '/extensions/both/x.js',
    '/extensions/both/y.js',
    '/extensions/My%20Pack/x.js',
    '/extensions/b/x.js',
  ]);
  expect([...all.clashes]).toEqual([['B', ['both']]]);
});

test('without anything there is no page', () => {
  expect(compose([], null)).toMatchObject({ primaryId: null, hasPage: false, extensions: [] });
});

test('the operator’s own page wins, and keeps the node packs of endpoints', () => {
  const all = compose([A], frontEnd({ 'index.html': 'own', 'extensions/core/d.js': 'own' }));
  expect(all).toMatchObject({ primaryId: null, hasPage: true });
  expect(all.find('index.html')?.sha256).toBe('own');
  expect(all.extensions.slice(0, 2)).toEqual(['/extensions/core/d.js', '/extensions/both/x.js']);
});

test('tabs that were opened before an update still find what they import late', () => {
  const old = frontEnd({ 'assets/late-OOOOOOO1.js': 'old', 'index.html': 'old', 'scripts/old.js': 'old' });
  const all = compose([source('A', { 'index.html': 'new' }, old)], null);
  expect(all.find('assets/late-OOOOOOO1.js')?.sha256).toBe('old');
  expect(all.find('scripts/old.js')).toBeNull();
});

test('what several endpoints gather is one; the first is right', () => {
  const first = JSON.parse('{"en":{"nodeDefs":{"A":{"n":1}}},"list":[1],"__proto__":{"x":1}}');
  const second = JSON.parse('{"en":{"nodeDefs":{"A":{"n":2},"B":{}}},"fr":{},"list":[2]}');
  expect(JSON.stringify(mergeGathered(first, second))).toBe(
    '{"en":{"nodeDefs":{"A":{"n":1},"B":{}}},"list":[1],"__proto__":{"x":1},"fr":{}}',
  );
  const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
  expect(() => mergeGathered(deep, deep)).not.toThrow();
});

test('of what people asked for, what was used longest ago makes room', () => {
  const many = new Map(Array.from({ length: MAX_EXTRAS }, (_, n) => [`templates/${n}.json`, file('x')] as const));
  const kept = withExtras(
    { extras: many },
    new Map([
      ['templates/0.json', file('y')],
      ['docs/new.md', file('z')],
    ]),
  );
  expect(kept.size).toBe(MAX_EXTRAS);
  expect([kept.has('templates/1.json'), kept.get('templates/0.json')?.sha256, kept.has('docs/new.md')]).toEqual([
    false,
    'y',
    true,
  ]);
  expect(
    withExtras(
      { extras: new Map() },
      new Map([
        ['a', file('a', 100e6)],
        ['b', file('b', 100e6)],
      ]),
    ).size,
  ).toBe(1);
});

const RUNNING = { sentAt: 0, startedAt: 10, endedAt: null };
const TIMINGS = { checkEveryMs: 1000, captureEveryMs: 10_000 };
test.each([
  ['nothing runs', { lives: [], checkedAt: null, capturedAt: null }, 'nothing'],
  [
    'a job was sent and has not started',
    { lives: [{ ...RUNNING, startedAt: null }], checkedAt: null, capturedAt: null },
    'nothing',
  ],
  ['a job runs and nothing is known', { lives: [RUNNING], checkedAt: null, capturedAt: null }, 'capture'],
  ['one has just ended', { lives: [{ ...RUNNING, endedAt: 80_000 }], checkedAt: null, capturedAt: null }, 'capture'],
  ['one ended long ago', { lives: [{ ...RUNNING, endedAt: 20 }], checkedAt: null, capturedAt: null }, 'nothing'],
  ['it was asked a moment ago', { lives: [RUNNING], checkedAt: 99_500, capturedAt: null }, 'nothing'],
  ['it was asked a while ago', { lives: [RUNNING], checkedAt: 98_000, capturedAt: 95_000 }, 'compare'],
  ['it was read long ago', { lives: [RUNNING], checkedAt: 98_000, capturedAt: 80_000 }, 'capture'],
] as const)('%s: %j leads to %s', (_, facts, step) => expect(captureStep(facts, 100_000, TIMINGS)).toBe(step));
