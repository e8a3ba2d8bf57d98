import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameKey } from './name-key.ts';
import { password, userName } from './user.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.string({ unit: fc.constantFrom('a', '名', '.', ' ', '\ud83d', '\udc4d', '/', '\u0085'), maxLength: 12 }),
);

describe('names', () => {
  test.each([
    ['Ada', 'Ada'],
    ['  Ada   Lovelace ', 'Ada Lovelace'],
    ['Ada\u00a0\tLovelace', 'Ada Lovelace'],
    ['Jose\u0301', 'José'],
    ['小津 安二郎', '小津 安二郎'],
    ['O’Hara-Smith (3)', 'O’Hara-Smith (3)'],
    ['J.J. Abrams', 'J.J. Abrams'],
    ['🎬', '🎬'],
    ['x'.repeat(60), 'x'.repeat(60)],
  ])('%j is kept as %j', (given, name) => expect(userName.parse(given)).toBe(name));

  test.each([
    ['nothing', ''],
    ['only blanks', ' \t\u3000 '],
    ['too long', 'x'.repeat(61)],
    ['a slash', 'a/b'],
    ['a backslash', 'a\\b'],
    ['a colon', 'C:'],
    ['two dots', '..'],
    ['a dot in front', '.ada'],
    ['a dot at the end', 'ada.'],
    ['NUL', 'a\u0000b'],
    ['a C1 control character', 'a\u0085b'],
    ['a zero-width space', 'Ad\u200ba'],
    ['a soft hyphen', 'Ad\u00ada'],
    ['a mark that turns the writing direction', 'Ada\u202egnp'],
    ['half a character', 'Ada\ud83d'],
    ['no text', 7],
  ])('%s is refused', (_, given) => expect(userName.safeParse(given).success).toBe(false));

  test('what is accepted is accepted again, unchanged, and fits a folder name', () => {
    fc.assert(
      fc.property(anyText, (given) => {
        const parsed = userName.safeParse(given);
        if (!parsed.success) return;
        expect(userName.parse(parsed.data)).toBe(parsed.data);
        expect(parsed.data).not.toMatch(/[/\\\p{Cc}]|^\.|\.$/u);
        expect(Buffer.from(parsed.data).toString()).toBe(parsed.data);
        expect(Buffer.byteLength(parsed.data)).toBeLessThanOrEqual(240);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['Ada', 'ada', true],
  ['ＡＤＡ', 'ada', true],
  ['Ünal', 'ünal', true],
  ['ﬁlm', 'film', true],
  ['Ada', 'Ada 2', false],
  ['Jose', 'José', false],
])('%s and %s are the same name: %s', (a, b, same) => expect(nameKey(a) === nameKey(b)).toBe(same));

test.each([
  [9, false],
  [10, true],
  [200, true],
  [201, false],
])('a password of %i characters: %s', (length, ok) => expect(password.safeParse('p'.repeat(length)).success).toBe(ok));

test('spaces alone are no password', () => expect(password.safeParse(' \t'.repeat(8)).success).toBe(false));
