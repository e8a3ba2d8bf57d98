import { expect, test } from 'vitest';
import { matchFiles } from './match-files.ts';

test.each([
  ['by name', ['a.png', 'b.mp4'], ['b.mp4', 'a.png'], { 'b.mp4': 'b.mp4', 'a.png': 'a.png' }],
  [
    'by name, whatever folder the workflow has',
    ['mask.png'],
    ['clipspace/mask.png', 'x\\y.wav'],
    { 'clipspace/mask.png': 'mask.png' },
  ],
  [
    'whatever the case and the way accents are written',
    ['GRO\u0308SSE.PNG', 'x'],
    ['größe.png', 'Grösse.png'],
    { 'Grösse.png': 'GRO\u0308SSE.PNG' },
  ],
  ['the only one for the only one', ['IMG_2041.jpeg'], ['photo.png'], { 'photo.png': 'IMG_2041.jpeg' }],
  ['one that is for none', ['other.png'], ['a.png', 'b.png'], {}],
  ['nothing', [], ['a.png'], {}],
  ['nothing missing', ['a.png'], [], {}],
])('%s', (_, files, missing, matched) => {
  const found = matchFiles(
    files.map((name) => ({ name })),
    missing,
  );
  expect(Object.fromEntries([...found].map(([name, file]) => [name, file.name]))).toEqual(matched);
});
