import { expect, test } from 'vitest';
import { nameHas, searchOf, termsOf, wordsOf } from './search-words.ts';

test.each([
  ['red car', ['red', 'car'], null],
  ['"; DROP', ['drop'], null],
  ['Füße in Zürich', ['fuße', 'in', 'zurich'], null],
  ['…', [], null],
  ['shot_00012_.png', ['shot'], 12],
  ['films/take two_00001.mp4', ['films', 'take', 'two'], 1],
  ['hero.png', ['hero'], null],
  ['flux1-dev.safetensors', ['flux1', 'dev', 'safetensors'], null],
  ['.png', ['png'], null],
])('%s', (text, words, counter) => expect(searchOf(text)).toEqual({ words, counter }));

test('words to correct are neither numbers nor very short, and each is there once', () => {
  expect(termsOf('A train, a TRAIN of 12 cars at 8k in 1080p')).toEqual(['train', 'cars', '1080p']);
  expect(wordsOf('')).toEqual([]);
});

test.each([
  ['Hero shot.png', ['her'], true],
  ['Hero shot.png', ['shot', 'hero'], true],
  ['Hero shot.png', ['hero', 'dawn'], false],
  ['Hero shot.png', [], false],
])('%s has %j: %s', (name, words, has) => expect(nameHas(name, words)).toBe(has));
