import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asAddress, isFileOfPage, isNamedByContent, packOf, staticPath, typeByEnding } from './paths.ts';

describe('a path', () => {
  test.each([
    ['/assets/index-AbCdEf12.js', 'assets/index-AbCdEf12.js'],
    ['extensions/My Pack/x.js', 'extensions/My Pack/x.js'],
    ['a/..hidden/...', 'a/..hidden/...'],
  ])('%j is %j', (text, path) => expect(staticPath(text)).toBe(path));

  test.each([
    '',
    '/',
    '//x',
    'a//b',
    '../x',
    'a/../b',
    'a/./b',
    'a/..',
    'a\\b',
    'a\0b',
    'a\nb',
    'a?b',
    'a#b',
    'a/',
    `${'a'.repeat(501)}`,
  ])('%j is none', (text) => expect(staticPath(text)).toBeNull());

  test('never leads anywhere else, whatever it is made of', () => {
    const piece = fc.constantFrom('..', '.', '', 'a', '%2e%2e', '\\', '/', 'assets', '\0', '…', '~', 'C:');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = staticPath(pieces.join('/'));
        if (path === null) return true;
        const resolved = new URL(asAddress(path), 'http://host');
        return (
          resolved.host === 'host' &&
          decodeURIComponent(resolved.pathname) === `/${path}` &&
          !path.split('/').includes('..')
        );
      }),
    );
  });
});

test.each([
  ['assets/index-Bi38fm4T.js', true],
  ['assets/deep/vendor-x_y-1bcd.css', true],
  ['assets/images/favicon-gradient.svg', false],
  ['assets/sorted-custom-node-map.json', false],
  ['extensions/x/index-Bi38fm4T.js', false],
])('%s is named by its content: %s', (path, is) => expect(isNamedByContent(path)).toBe(is));

test.each([
  ['extensions/core/groupNode.js', null],
  ['extensions/pack/x.js', 'pack'],
  ['extensions/x.js', null],
  ['assets/x.js', null],
])('%s belongs to the pack %s', (path, pack) => expect(packOf(path)).toBe(pack));

test.each([
  ['templates/a.json', true],
  ['docs/Node/en.md', true],
  ['prompt', false],
  ['free.json', false],
  ['extensions/pack/do', false],
  ['view.png', false],
  ['customnode/install.js', false],
])('workers may be asked for %s: %s', (path, may) => expect(isFileOfPage(path)).toBe(may));

test.each([
  ['a.MJS', 'text/javascript; charset=utf-8'],
  ['a.constructor', null],
  ['a', null],
])('%s is %s', (path, type) => expect(typeByEnding(path)).toBe(type));
