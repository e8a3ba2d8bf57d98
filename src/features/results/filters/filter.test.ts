import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RESULT_KINDS } from '#src/domain/file-facts.ts';
import {
  conditionsOf,
  EVERYTHING,
  type Filter,
  filterKey,
  isNarrowed,
  matches,
  readFilter,
  toQuery,
  writeFilter,
} from './filter.ts';

const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const name = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const filters: fc.Arbitrary<Filter> = fc.record({
  words: fc.string({ maxLength: 40 }).map((words) => words.trim()),
  kind: fc.option(fc.constantFrom(...RESULT_KINDS)),
  favourite: fc.boolean(),
  stars: fc.integer({ min: 0, max: 5 }),
  rejected: fc.constantFrom('hidden', 'shown', 'only'),
  from: fc.option(day),
  to: fc.option(day),
  workflow: fc.option(name),
  model: fc.option(name),
  lora: fc.option(name),
  seed: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)),
  job: fc.option(name),
  input: fc.option(name),
  removed: fc.boolean(),
  previews: fc.boolean(),
});
const read = (search: string): Filter => readFilter(new URLSearchParams(search));
const result = {
  jobId: 'j1',
  kind: 'image',
  createdAt: new Date(2026, 10, 23, 12).toISOString(),
  title: 'Dunes',
  model: 'sdxl',
  seed: '42',
  favourite: true,
  rating: 3,
  rejected: false,
  removedAt: null,
  preview: false,
} as const;

describe('the filter in the address', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(read(writeFilter(filter).toString())).toEqual(filter);
      }),
    );
  });

  test('all else in the address stays, and an empty filter leaves nothing behind', () => {
    const here = new URLSearchParams('result=a&words=dune&kind=video');
    expect(writeFilter(EVERYTHING, here).toString()).toBe('result=a');
    expect(filterKey(EVERYTHING)).toBe('');
    expect(isNarrowed(EVERYTHING)).toBe(false);
  });

  test('one day is short', () => {
    expect(read('day=2026-11-23')).toMatchObject({ from: '2026-11-23', to: '2026-11-23' });
    expect(filterKey({ ...EVERYTHING, from: '2026-11-23', to: '2026-11-23' })).toBe('day=2026-11-23');
  });

  test.each(['kind=cake', 'stars=9', 'day=yesterday', 'seed=abc', 'favourite=no', 'model=', 'from=2026-13-01'])(
    '%s asks for nothing',
    (search) => expect(read(search)).toEqual(EVERYTHING),
  );
});

describe('what the server is asked', () => {
  test.each<[Partial<Filter>, object]>([
    [{}, { rejected: false }],
    [{ rejected: 'shown' }, {}],
    [{ rejected: 'only' }, { rejected: true }],
    [{ removed: true }, { removed: true }],
    [
      { words: ' dune ', workflow: 'Dunes', stars: 4 },
      { rejected: false, words: 'dune', title: 'Dunes', minRating: 4 },
    ],
  ])('%j', (change, query) => expect(toQuery({ ...EVERYTHING, ...change })).toEqual(query));

  test('days are whole, in local time', () => {
    const { from, to } = toQuery(read('from=2026-11-22&to=2026-11-23'));
    expect(from).toBe(new Date(2026, 10, 22).toISOString());
    expect(to).toBe(new Date(2026, 10, 24).toISOString());
  });
});

describe('whether a result belongs to what is found', () => {
  test.each<[Partial<Filter>, boolean | null]>([
    [{}, true],
    [{ favourite: true, stars: 3, kind: 'image', workflow: 'Dunes', model: 'sdxl', seed: '42' }, true],
    [{ from: '2026-11-23', to: '2026-11-23' }, true],
    [{ from: '2026-11-24' }, false],
    [{ to: '2026-11-22' }, false],
    [{ stars: 4 }, false],
    [{ rejected: 'only' }, false],
    [{ removed: true }, false],
    [{ model: 'flux' }, false],
    [{ words: 'dune' }, null],
    [{ lora: 'grain' }, null],
    [{ words: 'dune', kind: 'video' }, false],
  ])('%j: %s', (change, belongs) => expect(matches({ ...EVERYTHING, ...change }, result)).toBe(belongs));

  test('rejected ones are hidden until asked for, but always shown in the trash', () => {
    const rejected = { ...result, rejected: true };
    expect(matches(EVERYTHING, rejected)).toBe(false);
    expect(matches({ ...EVERYTHING, rejected: 'shown' }, rejected)).toBe(true);
    expect(matches({ ...EVERYTHING, removed: true }, { ...rejected, removedAt: result.createdAt })).toBe(true);
  });
});

test('the conditions in words', () => {
  expect(conditionsOf(read('words=red+car&kind=video&stars=4&day=2026-11-22'), new Date(2026, 10, 23))).toEqual([
    'with “red car”',
    'films',
    '4 stars or more',
    'from Yesterday',
  ]);
});
