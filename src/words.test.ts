import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** What was once written on screens, in logs and in documents, and what is written now. */
const OLD: readonly (readonly [old: RegExp, now: string])[] = [
  [/\b(she|her|hers|herself)\b/i, 'they, their'],
  [/\bin line\b(?! with\b)/i, 'queued, in the queue'],
  [/\bturn(s|ed)? away\b/i, 'rejected'],
  [/\bsigns? of life\b/i, 'activity'],
  [
    /\b(come|comes|came|coming|bring|brings|brought|bringing|take|takes|took|taking) (it |them |work )?home\b/i,
    'deliver, save, download',
  ],
  [/\bput(s|ting)? away\b/i, 'move to trash'],
  [/\b(bring|brings|brought) (it |them )?back\b/i, 'restore'],
  [/\bstrays?\b/i, 'orphaned files'],
  [/\beyes on me\b/i, 'Please look up'],
  [/\b(through|eyes of) (some|no)body’s eyes\b|\bthrough the eyes of\b/i, 'view as, impersonate'],
  [/\breal pixels\b/i, '100%'],
  [/\bsurround\b/i, 'background'],
  [/\bon (its|their) way\b/i, 'starting, running'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\brests\b|\brest(s|ed|ing)? until\b/i, 'cooling down'],
  [/(?<!-)\b(wake|wakes|woken|waking|asleep|awake)\b/i, 'start, cold'],
  [/\bc(o|a)me to nothing\b|\bcomes to nothing\b/i, 'failed'],
  [/\bwent away\b/i, 'lost'],
  [/\bno such\b/i, 'not found'],
  [/\btries\b|\btry \d|\bTry \$/, 'attempts'],
  [/\bstart budget\b/i, 'start timeout'],
  [/\bwritten down\b/i, 'logged, recorded'],
  [/\bhand(s|ed)? out\b/i, 'add to the class workflows'],
  [/\btold before\b|\btell me\b|\bpassphrase now\b|\bas the system\b/i, 'recent, notify me, current, system'],
  [/\bmade with\b/i, 'parameters'],
  [/\bdo not fit together\b/i, 'incorrect'],
  [/\bhangs? (here|on the wall)\b/i, 'is on the wall'],
  [/\bnot yet here\b|\bhere now\b/i, 'never signed in, online'],
  [/\bsmall pictures?\b/i, 'thumbnail'],
  [/\b(sightings?|makings|chronicle|likeness|surroundings|parcel|tally)\b/i, 'see the words of docs/architecture.md'],
  [/\blately\b/i, 'recently'],
  [/\bturns are even\b|\bthat are alive\b|\bmake small\b|\bshut .* out\b/i, 'fair, clear filters, minimise, disable'],
  [/\b(give|gives|given|gave) back\b/i, 'requeue, restore'],
  [/\bhanded in\b/i, 'submitted'],
];

const ROOT = new URL('..', import.meta.url);
const files = (folder: string, name: RegExp): string[] =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path))
    .map((path) => `${folder}${path}`);

const SHOWN = ['app/', 'features/', 'ui/', 'domain/', 'services/', 'api/', 'adapters/', 'server/', 'extension/'];
const NOT_SHOWN = /\.test\.|\.testing\.|\/generated\/|\/fixtures\/|server\/(testing|faults)\/|domain\/passphrase\.ts$/;
const sources = SHOWN.flatMap((room) => files(`src/${room}`, /\.tsx?$/)).filter((path) => !NOT_SHOWN.test(path));
const documents = ['README.md', ...files('docs/', /\.md$/)];

const QUOTED = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|>[^<>{}=;]*[a-z][^<>{}=;]*</g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;

/** The literals and the text between tags that people read: one or two words in small letters are a key. */
const wordsOf = (source: string): string[] =>
  (source.replace(COMMENT, '').match(QUOTED) ?? [])
    .map((text) =>
      text
        .slice(1, -1)
        .replace(/\$\{[^}]*\}/g, '…')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((text) => /^[A-Z]|\s.*\s/.test(text) && !/^(SELECT|UPDATE|INSERT|CREATE|AND|JOIN)\b/.test(text));

/** A document without its code, paths and addresses. */
const proseOf = (page: string): string[] =>
  page
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`]*`|\]\([^)]*\)/g, '…')
    .split('\n');

const oldWordsIn = (path: string, texts: readonly string[], words = OLD): string[] =>
  texts.flatMap((text) =>
    words
      .filter(([old]) => old.test(text))
      .map(([old, now]) => `${path}: “${old.exec(text)?.[0]}” (${now}) in: ${text}`),
  );

const REMARK = /\/\*\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm;
const TITLE = /\b(?:test|describe|step)(?:\.\w+)*\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g;
/** Common English besides what they once stood for. */
const COMMON = new Set([
  'attempts',
  'not found',
  'starting, running',
  'parameters',
  'background',
  'cooling down',
  'lost',
  'fair, clear filters, minimise, disable',
  'requeue, restore',
  'recent, notify me, current, system',
  '100%',
  'restore',
]);

const remarksOf = (source: string): string[] => [
  ...(source.match(REMARK) ?? []),
  ...[...source.matchAll(TITLE)].map(([, , title = '']) => title),
];

const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

test('screens, errors and log messages use the words of today', () => {
  expect(sources.flatMap((path) => oldWordsIn(path, wordsOf(read(path))))).toEqual([]);
});

test('comments and titles of tests use the words of today', () => {
  const rooms = ['src/', 'e2e/', 'docker/', 'infrastructure/'].flatMap((room) => files(room, /\.(tsx?|mjs)$/));
  const own = rooms.filter((path) => !/\/generated\/|\/fixtures\/|^src\/words\.test/.test(path));
  const old = OLD.filter(([, now]) => !COMMON.has(now));
  expect(own.flatMap((path) => oldWordsIn(path, remarksOf(read(path)), old))).toEqual([]);
});

test('documents use the words of today', () => {
  expect(documents.flatMap((path) => oldWordsIn(path, proseOf(read(path))))).toEqual([]);
});

test('old words are found in literals, text and prose, and not in code', () => {
  const source = `const stray = { put: 'away' }; // her line\nsay(\`\${count} are in line\`); <p>Put away</p>`;
  expect(oldWordsIn('a', wordsOf(source))).toHaveLength(2);
  expect(oldWordsIn('b', proseOf('Her `strays` are\n```\nin line\n```\n'))).toHaveLength(1);
});
