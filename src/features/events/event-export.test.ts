import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { auditAsCsv } from './event-export.ts';

test('what is exported reads back whole, and no cell is a formula', () => {
  const detail = { names: ['=1+1', 'a "b", c\n d'] };
  const event = {
    id: 1,
    at: '2026-11-23T12:00:00.000Z',
    actor: { id: 'x', name: '=HYPERLINK("http://a.test")' },
    onBehalfOf: null,
    type: 'admin.participants.create',
    subjectId: null,
    subject: null,
    detail,
  };
  const [head, row, ...rest] = parse(auditAsCsv([event]));
  expect(head).toEqual(['time', 'who', 'what', 'type', 'subject', 'subject id', 'detail']);
  expect(row).toEqual([
    event.at,
    `'${event.actor.name}`,
    'Added 2 participants',
    event.type,
    '',
    '',
    JSON.stringify(detail),
  ]);
  expect(rest).toEqual([]);
});
