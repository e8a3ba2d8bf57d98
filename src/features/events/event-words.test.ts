import { expect, test } from 'vitest';
import { actorWords, detailOf, eventWords, typesOf } from './event-words.ts';

test.each([
  ['admin.queue.pause', {}, null, 'Paused the queue'],
  ['admin.queue.pause', { intake: true }, null, 'Paused the queue and stopped accepting jobs'],
  ['admin.queue.cancel', { ids: ['a', 'b'] }, null, 'Cancelled 2 jobs'],
  ['admin.queue.cancel', { ids: ['a'], names: ['Grey card'] }, null, 'Cancelled the job “Grey card”'],
  [
    'admin.queue.cancel',
    { ids: ['a', 'b', 'c', 'and 4 more'], names: ['A', 'B', 'C', 'D'] },
    null,
    'Cancelled 7 jobs (“A”, “B”, “C” …)',
  ],
  [
    'admin.participants.delete',
    { unfinished: '2 files could not be deleted.' },
    'Ada',
    'Deleted Ada; not finished: 2 files could not be deleted.',
  ],
  ['jobs.cancel', { as: 'Ada' }, 'Grey card', 'Cancelled Grey card'],
  ['admin.queue.cancel', { id: 'a' }, 'Film 3', 'Cancelled Film 3'],
  ['admin.participants.create', { names: ['Ada'] }, null, 'Added a participant'],
  ['admin.participants.setEnabled', { enabled: false }, 'Ada', 'Disabled Ada'],
  ['admin.endpoints.setEnabled', { enabled: false }, null, 'Disabled a deleted item'],
  [
    'admin.settings.change',
    { jobTimeoutMs: 60_000, probe: true },
    null,
    'Job timeout: 1 min · Check job status on workers: on',
  ],
  ['admin.announcement.set', { text: 'Lunch', eyesOnMe: false }, null, 'Announced “Lunch”'],
  [
    'admin.announcement.set',
    { text: '', eyesOnMe: true, until: new Date(2026, 1, 1, 14, 30).toISOString() },
    null,
    'Please look up until 14:30',
  ],
  ['replicas.held', { to: 1, from: 0 }, null, 'Raised the minimum to 1 replica to prevent scale-in; it was 0'],
  ['backup.made', { files: 1 }, null, 'Backup made: 1 file'],
  ['endpoint.rests', { kind: 'lost' }, 'H200 spot', 'H200 spot lost its jobs and is cooling down'],
  ['admin.endpoints.close', { minutes: 10 }, 'H200', 'Paused H200 for 10 min'],
  ['endpoint.warmUp', { workflow: 'Film' }, 'H200', 'Warmed up H200 with “Film”'],
  ['admin.storage.give', { paths: ['a', 'b'] }, 'Ada', 'Assigned 2 orphaned files to Ada'],
  ['server.started', { version: '0.1.0' }, null, 'The server started, version 0.1.0'],
  ['trouble.ended', { sentence: 'The database cannot be read.' }, null, 'Resolved: The database cannot be read.'],
  [
    'admin.platform.adoptDeployment',
    { id: 'x', name: 'h200', spot: true },
    'H200',
    'platform: adopt deployment H200, name h200, spot true',
  ],
  ['storage.swept', {}, null, 'storage: swept'],
])('%s %j', (type, detail, subject, words) => {
  expect(eventWords({ type, detail, subject })).toBe(words);
});

test('what is read in a sentence finds it', () => {
  expect(typesOf('paused the queue')).toEqual(['admin.queue.pause']);
  expect(typesOf('works again')).toEqual(['endpoint.works']);
  expect(typesOf('no such words')).toEqual([]);
  expect([detailOf('Please look'), detailOf('ear')]).toEqual(['"eyesOnMe":true', null]);
});

test('who did it: the operator by name, also in the account of a participant', () => {
  const [actor, onBehalfOf] = [{ name: 'Teacher' }, { name: 'Ada' }];
  expect(actorWords({ actor, onBehalfOf: null })).toBe('Teacher');
  expect(actorWords({ actor, onBehalfOf })).toBe('Teacher as Ada');
  expect(actorWords({ actor: null, onBehalfOf: null })).toBe('System');
});
