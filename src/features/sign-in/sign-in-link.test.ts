import fc from 'fast-check';
import { expect, test } from 'vitest';
import { userName } from '#src/domain/users/user.ts';
import { readSignIn, signInLink } from './sign-in-link.ts';

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => userName.safeParse(text).success);

test('a link carries name and passphrase, and none of it is sent to a server', () => {
  fc.assert(
    fc.property(name, fc.string({ unit: 'grapheme', minLength: 8 }), (who, passphrase) => {
      const url = new URL(signInLink('http://class.test:3000', who, passphrase));
      expect(url.pathname + url.search).toBe('/login');
      expect(readSignIn(url.hash)).toEqual({ name: who, password: passphrase });
    }),
  );
});

test.each(['', '#', '#Anna', '#Anna:', '#:secret', '#%E0%A4%A:secret'])('%j is no such link', (fragment) => {
  expect(readSignIn(fragment)).toBeNull();
});
