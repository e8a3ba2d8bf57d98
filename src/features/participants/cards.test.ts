import { expect, test } from 'vitest';
import { withNew } from './cards.ts';

const card = (id: string, passphrase = `of ${id}`) => ({ id, name: id.toUpperCase(), passphrase });

test('new passphrases are kept beside the earlier ones, and replace those that they make invalid', () => {
  expect(withNew([card('a'), card('b')], [card('c'), card('a', 'renewed')])).toEqual([
    card('c'),
    card('a', 'renewed'),
    card('b'),
  ]);
  expect(withNew([card('a')], [])).toEqual([card('a')]);
});
