import { expect, test } from 'vitest';
import { isTag, markupEnd } from './markup.ts';

test.each([
  '<svg>',
  '<svg a="x>y" b=\'"\'>',
  '</svg>',
  '<!-- <svg> -->',
  '<![CDATA[ > ]]>',
  '<?xml a=">"?>',
  '<!DOCTYPE svg [<!ENTITY a "]>">]>',
  '<!DOCTYPE svg [<!-- don\'t ] --> <!ENTITY a "b">]>',
])('%s ends where it ends', (part) => {
  expect(markupEnd(`ab${part}> <g/>`, 2)).toBe(2 + part.length);
  expect(markupEnd(part.slice(0, -1), 0)).toBeNull();
});

test('only a tag is one', () => {
  expect(['<a>', '</a>', '<!-- -->', '<?a?>', '<!DOCTYPE a>', '<![CDATA[]]>'].map((text) => isTag(text, 0))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
