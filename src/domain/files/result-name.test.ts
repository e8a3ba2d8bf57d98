import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shownName, splitEnding, toGivenName } from './result-name.ts';

test.each([
  ['Hero shot', { name: 'Hero shot.png' }],
  ['  Hero   shot.PNG ', { name: 'Hero shot.png' }],
  ['Hero.mp4', { name: 'Hero.mp4.png' }],
  ['雨 🌧', { name: '雨 🌧.png' }],
  ['..hidden..', { name: 'hidden.png' }],
  ['', { problem: 'Enter a name.' }],
  [' .png', { problem: 'Enter a name.' }],
  ['../../etc/passwd', { problem: 'A name cannot have < > : " / \\ | ? * or line breaks in it.' }],
  ['a\r\nset-cookie: x', { problem: 'A name cannot have < > : " / \\ | ? * or line breaks in it.' }],
  ['\u202Egpj', { problem: 'A name cannot have < > : " / \\ | ? * or line breaks in it.' }],
  ['x'.repeat(121), { problem: 'A name can have at most 120 characters.' }],
])('%j is given as %j', (typed, given) => expect(toGivenName(typed, 'anna/cards/grey_00001_.png')).toEqual(given));

test.each([
  ['anna/cards/grey_00001_.png', null, 'cards/grey_00001_.png'],
  ['anna/cards/grey_00001_.png', 'Hero.png', 'cards/Hero.png'],
  ['anna/grey_00001_.png', 'Hero.png', 'Hero.png'],
  ['anna/.previews/grey_00001_.png', null, 'grey_00001_.png'],
])('%s with the name %s is shown as %s', (path, givenName, shown) =>
  expect(shownName({ path, givenName })).toBe(shown),
);

test('whatever is typed, the file stays in its folder and keeps its ending', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (typed) => {
      const given = toGivenName(typed, 'anna/a/b_00001_.mp4');
      if ('problem' in given) return;
      const shown = shownName({ path: 'anna/a/b_00001_.mp4', givenName: given.name });
      expect(shown.startsWith('a/')).toBe(true);
      expect(shown.slice(2)).not.toMatch(/[/\\]/);
      expect(splitEnding(shown).ending).toBe('.mp4');
      expect(toGivenName(given.name, 'anna/a/b_00001_.mp4')).toEqual(given);
    }),
  );
});
