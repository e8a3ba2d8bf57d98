import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headerOfName, nameOfHeader } from './run-name.ts';

test('any name passes a header, and what is no name is none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const header = headerOfName(name);
      expect(header).toMatch(/^[!-~]*$/);
      expect(nameOfHeader(header) ?? '').toBe(decodeURIComponent(header));
    }),
  );
  expect(nameOfHeader(headerOfName('Füße im Regen 雨 🎬'))).toBe('Füße im Regen 雨 🎬');
  expect(headerOfName(`${'a'.repeat(199)}🎬`)).toBe('a'.repeat(199));
  for (const header of [undefined, '', '%', ['a', 'b']]) expect(nameOfHeader(header)).toBeUndefined();
});
