import { expect, test } from 'vitest';
import { auditDetail, auditSubject } from './audit-detail.ts';

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
  [{ ids: Array.from({ length: 22 }, (_, n) => n) }, { ids: [...Array(20).keys(), 'and 2 more'] }],
])('%j is kept as %j', (input, kept) => expect(auditDetail(input)).toEqual(kept));

test.each([
  [{ id: 'job' }, 'job'],
  [{ id: 7 }, null],
  [{}, null],
  [undefined, null],
])('%j is about %j', (input, subject) => expect(auditSubject(input)).toBe(subject));
