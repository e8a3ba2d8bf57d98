import { expect, test } from 'vitest';
import { editorNotes, refreshWords } from './editor-words.ts';

const well = { name: 'H200', clashes: [], kept: { leftOut: [] }, failure: null };
const failure = { sentence: 'It took more than 20 min.', doThis: 'Refresh again.' };

test('nothing is said while all is well', () => expect(editorNotes(well)).toEqual([]));

test('a failure is told, and whether the page is there all the same', () => {
  expect(editorNotes({ ...well, failure })).toEqual([
    'H200: It took more than 20 min. The version read before is still used. Refresh again.',
  ]);
  expect(editorNotes({ ...well, kept: null, failure })).toEqual(['H200: It took more than 20 min. Refresh again.']);
});

test('node packs of other versions, and what could not be read', () => {
  expect(editorNotes({ ...well, clashes: ['a', 'b', 'c', 'd'], kept: { leftOut: ['extensions/x.js'] } })).toEqual([
    'H200 has other versions of 4 node packs (a, b, c and 1 more): the page uses those of the endpoint above it.',
    'H200: 1 extension could not be read (extensions/x.js).',
  ]);
});

test('the price of a refresh', () => {
  expect(refreshWords({ isWarm: false, pricePerHour: 3, currency: 'EUR' })).toBe(
    'Reads ComfyUI’s page, its node packs and the list of nodes again. This may start a GPU. The minimum billing time of ten minutes costs 0.50 EUR.',
  );
  expect(refreshWords({ isWarm: true, pricePerHour: null, currency: 'EUR' })).toContain('usually none has to start');
});
