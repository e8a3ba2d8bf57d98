import { expect, test } from 'vitest';
import { type Choice, fieldsOf } from './prepare-archive.ts';

test.each<[Choice, Record<string, string>]>([
  [{ type: 'selected', ids: ['a', 'b'] }, { ids: 'a,b' }],
  [{ type: 'found', filter: { rejected: false } }, { rejected: 'false' }],
  [{ type: 'found', filter: { rejected: undefined } }, { rejected: 'all' }],
  [
    { type: 'found', filter: { favourite: true, minRating: 3, words: 'ä & ö', rejected: false } },
    { favourite: 'true', minRating: '3', words: 'ä & ö', rejected: 'false' },
  ],
  [{ type: 'found', filter: { rejected: true } }, { rejected: 'true' }],
  [{ type: 'class' }, { rejected: 'all', everyone: '1' }],
])('%j asks the server for %j', (choice, fields) => {
  expect(Object.fromEntries(fieldsOf(choice, 'Europe/Berlin'))).toEqual({ ...fields, zone: 'Europe/Berlin' });
});
