import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inHalves, makeJoinCode, toJoinCode } from './join-code.ts';

test('a code survives being written in halves, in small letters, with signs between', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(16), { minLength: 6, maxLength: 6 }), (dice) => {
      let at = 0;
      const code = makeJoinCode(() => dice[at++] ?? 0);
      expect(code).toMatch(/^[CDFGHJKMNPQRTVWXY]{6}$/);
      expect(toJoinCode(` ${inHalves(code).toLowerCase().replace(' ', '-')} `)).toBe(code);
    }),
  );
});

test('different dice, different codes', () => {
  const codes = Array.from({ length: 17 }, (_, n) => makeJoinCode(() => n));
  expect(new Set(codes).size).toBe(17);
});
