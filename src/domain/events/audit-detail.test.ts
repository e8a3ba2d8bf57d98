import { expect, test } from 'vitest';
import { auditDetail, auditSubject, listOf, withOneMore } from './audit-detail.ts';

test.each([
  [undefined, {}],
  [null, {}],
  [
    { id: 'a', enabled: false },
    { id: 'a', enabled: false },
  ],
  [
    { password: 'x', nested: { apiToken: 'y', name: 'z' } },
    { password: '•••', nested: { apiToken: '•••', name: 'z' } },
  ],
  ['text', { value: 'text' }],
  [{ text: 'a'.repeat(300) }, { text: `${'a'.repeat(200)}…` }],
  [{ ids: [...Array(20).keys(), 'and 480 more'] }, { ids: [...Array(20).keys(), 'and 480 more'] }],
  [{ ids: Array.from({ length: 22 }, (_, n) => n) }, { ids: [...Array(20).keys(), 'and 2 more'] }],
])('%j is kept as %j', (input, kept) => expect(auditDetail(input)).toEqual(kept));

test.each([
  [{ id: 'job' }, 'job'],
  [{ id: 7 }, null],
  [{}, null],
  [undefined, null],
])('%j is about %j', (input, subject) => expect(auditSubject(input)).toBe(subject));

test('a list that grows names so many, and counts the others', () => {
  const grow = (list: readonly unknown[], item: string) => withOneMore(list, item, 2);
  expect(['a', 'b', 'c', 'd'].reduce(grow, [])).toEqual(['a', 'b', 'and 2 more']);
  expect(listOf(['a', 'b', 'and 2 more'])).toEqual({ items: ['a', 'b'], more: 2 });
});
