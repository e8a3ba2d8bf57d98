import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makePassphrase } from './passphrase.ts';
import { password } from './user.ts';

/** The first word of every passphrase there can be, by walking through all random answers for it. */
function allWords(): string[] {
  let size = 0;
  makePassphrase((below) => {
    size = Math.max(size, below);
    return 0;
  });
  return Array.from({ length: size }, (_, n) => {
    const answers = [n];
    const passphrase = makePassphrase(() => answers.shift() ?? 0);
    return passphrase.split('-')[0] ?? '';
  });
}

test('four words and two digits that a person can type, and a good password', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (random) => {
      const passphrase = makePassphrase((below) => random.next().value % below);
      expect(passphrase).toMatch(/^([a-z]{3,8}-){4}[1-9][0-9]$/);
      expect(password.safeParse(passphrase).success).toBe(true);
    }),
  );
});

test('every word is there once, and all random answers together are worth nearly 40 bits', () => {
  const words = allWords();
  expect(new Set(words).size).toBe(words.length);
  let bits = 0;
  makePassphrase((below) => {
    bits += Math.log2(below);
    return below - 1;
  });
  expect(bits).toBeGreaterThan(39.9);
});
