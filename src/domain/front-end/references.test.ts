import fc from 'fast-check';
import { expect, test } from 'vitest';
import { staticPath } from './paths.ts';
import { referencesIn } from './references.ts';

test.each<[string, string, string, string[]]>([
  [
    'a page',
    'index.html',
    `<link rel="stylesheet" href="user.css"><link href="api/userdata/user.css"><script src="./assets/i-1.js"></script><a href="https://x.example/a.js">`,
    ['user.css', 'assets/i-1.js'],
  ],
  [
    'modules beside it, and what is imported late',
    'assets/i.js',
    `import{a}from"./v.js";const d=["./late.js","assets/late.css"],e=()=>import('./late.js');`,
    ['assets/v.js', 'assets/late.js', 'assets/late.css'],
  ],
  [
    'from the root, with and without a slash',
    'assets/i.js',
    `fetch("/cursor/brush.png");fetch('assets/map.json');fetch("/api/x.json");fetch("other/map.json")`,
    ['cursor/brush.png', 'assets/map.json'],
  ],
  [
    'a node pack',
    'extensions/pack/js/a.js',
    `import { app } from "../../../scripts/app.js";\nimport "./lib/b.mjs?v=2";\nnew URL('style.css', import.meta.url)`,
    ['scripts/app.js', 'extensions/pack/js/lib/b.mjs', 'extensions/pack/js/style.css'],
  ],
  [
    'a style sheet',
    'assets/a.css',
    `@import "./b.css";a{background:url(x.png)}b{src:url('/fonts/f.woff2?#x')}c{x:url(data:image/png;base64,xx)}`,
    ['assets/b.css', 'assets/x.png', 'fonts/f.woff2'],
  ],
  [
    'nothing above the root, and nobody else',
    'assets/a.js',
    `import "../../x.js";import "//x.example/a.js";import "https://x.example/a.js"`,
    [],
  ],
  ['with places to fill in', 'assets/a.js', 'x=`/templates/\x24{name}.json`;y="{a}.js"', []],
  ['what is no text', 'assets/a.png', '"./b.js"', []],
])('%s', (_, from, text, paths) => expect(referencesIn(text, from).sort()).toEqual([...paths].sort()));

test('whatever a file holds, what it names is a path', () => {
  const piece = fc.constantFrom(
    '"',
    "'",
    '`',
    './',
    '../',
    '/',
    'a',
    '.js',
    '%2e',
    '%',
    '\\',
    'assets/',
    'url(',
    ')',
    '\0',
    ' ',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }),
      fc.constantFrom('assets/a.js', 'a.css', 'index.html'),
      (pieces, from) => referencesIn(pieces.join(''), from).every((path) => staticPath(path) === path),
    ),
  );
});
