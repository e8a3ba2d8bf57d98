import { expect, test } from 'vitest';
import { actWords, detailOf, typesOf } from './act-words.ts';

test.each([
  ['admin.queue.pause', {}, null, 'Paused sending to GPUs'],
  ['admin.queue.pause', { intake: true }, null, 'Paused the queue, and takes no new jobs'],
  ['admin.queue.cancel', { ids: ['a', 'b'] }, null, 'Cancelled 2 jobs'],
  ['admin.queue.cancel', { id: 'a' }, 'Film 3', 'Cancelled Film 3'],
  ['admin.participants.create', { names: ['Ada'] }, null, 'Added a participant'],
  ['admin.participants.setEnabled', { enabled: false }, 'Ada', 'Shut Ada out'],
  ['admin.endpoints.setEnabled', { enabled: false }, null, 'Disabled what is gone now'],
  [
    'admin.settings.change',
    { jobTimeoutMs: 60_000, probe: true },
    null,
    'Job timeout: 1 min · Ask workers what became of a job: on',
  ],
  ['admin.announcement.set', { text: 'Lunch', eyesOnMe: false }, null, 'Announced “Lunch”'],
  [
    'admin.announcement.set',
    { text: '', eyesOnMe: true, until: new Date(2026, 1, 1, 14, 30).toISOString() },
    null,
    'Eyes on me until 14:30',
  ],
  ['replicas.held', { to: 1, from: 0 }, null, 'Keeps at least 1 replica up while needed; it was 0'],
  ['backup.made', { files: 1 }, null, 'A backup was made, with 1 file'],
  ['endpoint.rests', { kind: 'lost' }, 'H200 spot', 'H200 spot loses its jobs, and rests'],
  ['admin.endpoints.close', { minutes: 10 }, 'H200', 'Closed H200 for 10 min'],
  ['endpoint.warmUp', { workflow: 'Film' }, 'H200', 'Warmed up H200 with “Film”'],
  ['admin.storage.give', { paths: ['a', 'b'] }, 'Ada', 'Gave 2 strays to Ada'],
  ['server.started', { version: '0.1.0' }, null, 'The server started, version 0.1.0'],
  ['trouble.ended', { sentence: 'The database cannot be read.' }, null, 'Over: The database cannot be read.'],
  [
    'admin.platform.adoptDeployment',
    { id: 'x', name: 'h200', spot: true },
    'H200',
    'platform: adopt deployment H200, name h200, spot true',
  ],
  ['storage.swept', {}, null, 'storage: swept'],
])('%s %j', (type, detail, subject, words) => {
  expect(actWords({ type, detail, subject })).toBe(words);
});

test('what is read in a sentence finds it', () => {
  expect(typesOf('paused')).toEqual(['admin.queue.pause']);
  expect(typesOf('works again')).toEqual(['endpoint.works']);
  expect(typesOf('no such words')).toEqual([]);
  expect([detailOf('Eyes on'), detailOf('ear')]).toEqual(['"eyesOnMe":true', null]);
});
