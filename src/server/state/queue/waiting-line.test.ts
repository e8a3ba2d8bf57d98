import { expect, test } from 'vitest';
import type { Waiting } from '#src/domain/jobs/fairness.ts';
import type { JobStatus } from '#src/domain/jobs/job.ts';
import type { Signal } from '#src/ports/events.ts';
import { createWaitingLine } from './waiting-line.ts';

const MANY = 500;

const job = (number: number, part: Partial<Waiting> = {}): Waiting => ({
  jobId: `j${number}`,
  userId: number % 2 === 0 ? 'anna' : 'ben',
  priority: 0,
  queuedAt: number,
  avoid: [],
  cap: null,
  ...part,
});

/** A line whose readings are counted: of all that waits, or of so many jobs. */
function openLine() {
  const stored = new Map(Array.from({ length: MANY }, (_, index) => [`j${index}`, job(index)]));
  const read: (number | 'all')[] = [];
  const time = { now: 10_000 };
  const occupied = { inFlight: [], lastServed: new Map(), caps: new Map([['ben', 2]]) };
  const jobs = {
    queue: async () => {
      read.push('all');
      return { waiting: [...stored.values()], inFlight: [], lastServed: new Map() };
    },
    waiting: async (jobIds: readonly string[]) => {
      read.push(jobIds.length);
      return jobIds.flatMap((id) => stored.get(id) ?? []);
    },
    occupancy: async () => occupied,
  };
  const line = createWaitingLine(jobs, { now: () => time.now });
  const moved = (jobId: string, to: JobStatus, isNew = false): Signal => {
    const userId = Number(jobId.slice(1)) % 2 === 0 ? 'anna' : 'ben';
    return { type: 'job.moved', jobId, userId, to, isNew, now: 0, createdAt: 0, startedAt: null, attemptCount: 0 };
  };
  const look = async () => (await line.read('fair', () => 2)).waiting.map(({ jobId }) => jobId).sort();
  return { stored, read, time, line, moved, look, jobs };
}

test('a long line is read whole once; then only what is heard of is read, and told are those who are next', async () => {
  const { stored, read, line, moved, look } = openLine();
  expect(await look()).toHaveLength(MANY);

  stored.delete('j0');
  line.hear(moved('j0', 'dispatched'));
  line.hear(moved('j7', 'completed'));
  expect(await look()).toEqual(['j1', 'j2', 'j3', 'j4']);
  stored.set('j500', job(500));
  line.hear(moved('j500', 'queued', true));
  expect(await look()).toEqual(['j1', 'j2', 'j3', 'j4']);

  expect(read).toEqual(['all', 1]);
  expect((await line.read('fair', () => MANY)).waiting.map(({ jobId }) => jobId)).toContain('j500');
});

test('each has the cap that is their own now', async () => {
  const { line, look } = openLine();
  await look();
  const { waiting } = await line.read('fair', () => 1);
  expect(waiting.map(({ userId, cap }) => [userId, cap])).toEqual([
    ['anna', null],
    ['ben', 2],
  ]);
});

test('what is not heard is put right by the next whole reading', async () => {
  const { stored, read, time, look } = openLine();
  await look();
  stored.delete('j0');
  expect(await look()).toContain('j0');
  time.now += 1000;
  expect(await look()).not.toContain('j0');
  time.now -= 5000;
  await look();
  expect(read).toEqual(['all', 'all', 'all']);
});

test('the line is read whole where a job goes before others of its owner, and where the rule changes', async () => {
  const { stored, read, line, moved, look } = openLine();
  await look();
  stored.set('j3', job(3, { avoid: ['e'], queuedAt: 3 }));
  line.hear(moved('j3', 'queued'));
  await look();
  await line.read('first-come', () => 2);
  expect(read).toEqual(['all', 1, 'all', 'all']);
});

test('a job that ends while the line is read does not come back', async () => {
  const { stored, line, moved, look, jobs } = openLine();
  const { queue } = jobs;
  jobs.queue = async () => {
    const before = await queue();
    stored.delete('j0');
    line.hear(moved('j0', 'cancelled'));
    return before;
  };
  await look();
  expect(await look()).toEqual(['j1', 'j2', 'j3', 'j4']);
});

test('a short line is read whole at every look', async () => {
  const { stored, read, look } = openLine();
  for (const id of [...stored.keys()].slice(10)) stored.delete(id);
  await look();
  await look();
  expect(read).toEqual(['all', 'all']);
});

test('a reading that fails is made up for', async () => {
  const { stored, read, line, moved, look, jobs } = openLine();
  await look();
  const { waiting } = jobs;
  jobs.waiting = () => Promise.reject(new Error('the database is away'));
  stored.set('j500', job(500));
  line.hear(moved('j500', 'queued', true));
  await expect(look()).rejects.toThrow('away');
  jobs.waiting = waiting;
  expect(await look()).toContain('j500');
  expect(read).toEqual(['all', 'all']);
});
