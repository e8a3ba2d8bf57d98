import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownWords, rowsOf, shortDifferences } from './differences.ts';

test('rows show what differs and leave out what is unknown', () => {
  const sheet = (seed: string | null, steps: string | null) => ({ seed, steps, lora: null });
  expect(rowsOf(['seed', 'steps', 'lora'], [sheet('1', '20'), sheet('2', '20'), sheet(null, '20')])).toEqual([
    { name: 'seed', values: ['1', '2', null], differs: true },
    { name: 'steps', values: ['20', '20', '20'], differs: false },
  ]);
});

describe('own words', () => {
  const own = (text: string, other: string) =>
    ownWords(text, other)
      .filter((piece) => piece.own)
      .map((piece) => piece.text);

  test.each([
    ['a red car', 'a blue car', ['red']],
    ['a car, rain', 'a car', ['car,', 'rain']],
    ['a car in the rain', 'a car', ['in', 'the', 'rain']],
    ['a car', 'a car in the rain', []],
    ['a car', '', ['a', 'car']],
    ['fog over a harbour', 'a harbour', ['fog', 'over']],
  ])('%s | %s', (text, other, words) =>
    expect(own(text, other).flatMap((each) => each.trim().split(/\s+/))).toEqual(words),
  );

  const words = fc
    .array(fc.constantFrom('a', 'red', 'car', 'in', 'rain'), { maxLength: 12 })
    .map((list) => list.join(' '));

  test('put together they are the text, and what is not own is in the other', () => {
    fc.assert(
      fc.property(words, words, (text, other) => {
        const pieces = ownWords(text, other);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        const left = other.split(/\s+/);
        const shared = pieces.filter((piece) => !piece.own).flatMap((piece) => piece.text.split(/\s+/).filter(Boolean));
        let from = 0;
        for (const word of shared) {
          const found = left.indexOf(word, from);
          expect(found).toBeGreaterThanOrEqual(0);
          from = found + 1;
        }
      }),
    );
  });

  test('a text has no words of its own against itself', () => {
    fc.assert(
      fc.property(words, (text) => {
        expect(own(text, text)).toEqual([]);
      }),
    );
  });
});

describe('in short', () => {
  const FACTS = ['Prompt', 'Seed', 'Steps', 'Model', 'CFG', 'Took', 'KSampler 3: denoise'] as const;
  const sheet = (change: Partial<Record<(typeof FACTS)[number], string | null>>) => ({
    Prompt: 'a car at dawn',
    Seed: '42',
    Steps: '20',
    Model: 'flux',
    CFG: '7',
    Took: '12 s',
    'KSampler 3: denoise': '1',
    ...change,
  });
  const tell = (...changes: Parameters<typeof sheet>[0][]) => {
    const rows = rowsOf(FACTS, changes.map(sheet));
    return changes.map((_, at) => shortDifferences(rows, at));
  };

  test('the first has its values, the others what became of them', () => {
    expect(tell({}, { Seed: '77', Took: '9 s' })).toEqual([['Seed 42'], ['Seed 42 → 77']]);
    expect(tell({}, { Seed: '77' }, { Model: null })).toEqual([
      ['Seed 42', 'Model flux'],
      ['Seed 42 → 77'],
      ['Model flux → none'],
    ]);
    expect(tell({}, { 'KSampler 3: denoise': '0.6' })[1]).toEqual(['denoise 1 → 0.6']);
  });

  test('a size is told once', () => {
    const rows = rowsOf(
      ['Size', 'EmptyLatentImage 4: width'],
      [
        { Size: '512 × 640', 'EmptyLatentImage 4: width': '512' },
        { Size: '1024 × 640', 'EmptyLatentImage 4: width': '1024' },
      ],
    );
    expect(shortDifferences(rows, 1)).toEqual(['Size 512 × 640 → 1024 × 640']);
  });

  test('of a prompt the words that differ', () => {
    expect(tell({}, { Prompt: 'a red car at night' })).toEqual([[], ['Prompt: − dawn + red night']]);
    expect(tell({}, { Prompt: 'car a at dawn' })[1]).toHaveLength(1);
  });

  test('never more than a few, and nothing where nothing differs', () => {
    expect(tell({}, { Took: '9 s' })).toEqual([[], []]);
    expect(tell({}, { Seed: '1', Steps: '2', Model: 'x', CFG: '3', Prompt: 'b' })[1]?.slice(-1)).toEqual(['2 more']);
    expect(tell({ Model: 'm'.repeat(80) }, {})[1]?.join('').length).toBeLessThan(80);
  });
});
