import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Input } from '#src/ports/inputs.ts';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';

let fresh: Fresh;
beforeAll(async () => {
  fresh = await openFresh();
  for (const id of ['anna', 'ben'])
    await fresh.users.create({ id, name: id, role: 'participant', passwordHash: '', now: 1 });
});
afterAll(() => fresh.close());

const MAX = 1e15;
let made = 0;
const input = (name: string, content: string, userId = 'anna'): Input => {
  made += 1;
  const sha256 = Buffer.from(content).toString('hex').padEnd(64, '0');
  return {
    id: `input-${made}`,
    userId,
    name,
    sha256,
    file: `${sha256}.png`,
    kind: 'image',
    mime: 'image/png',
    bytes: 5e9,
    createdAt: 1000 + made,
    usesKnown: true,
    blake3: null,
  };
};
const nameFor = async (...args: Parameters<typeof input>): Promise<string> =>
  (await fresh.inputs.add(input(...args), MAX)).name;

test('an input comes back as it was stored', async () => {
  const given = input('sub/Größe.png', 'g');
  expect(await fresh.inputs.add(given, MAX)).toEqual(given);
  expect(await fresh.inputs.find('anna', ['sub/Größe.png'])).toEqual([given]);
});

test('the same name: the same bytes are found again, other bytes get the next free name', async () => {
  const first = input('photo.png', 'a');
  await fresh.inputs.add(first, MAX);
  expect((await fresh.inputs.add(input('photo.png', 'a'), MAX)).id).toBe(first.id);
  expect(await nameFor('photo.png', 'b')).toBe('photo (1).png');
  expect(await nameFor('photo.png', 'c')).toBe('photo (2).png');
  expect(await nameFor('photo.png', 'b')).toBe('photo (1).png');
  expect(await nameFor('photo.png', 'a')).toBe('photo.png');
  expect(await nameFor('photo (1).png', 'd')).toBe('photo (1) (1).png');
  expect(await nameFor('photo.jpg', 'e')).toBe('photo.jpg');
  expect(await nameFor('photo.png', 'z', 'ben')).toBe('photo.png');
});

test('what was added before under this id is found by it, whatever has become of its name, its room and others since', async () => {
  const other = await fresh.inputs.add(input('twice.png', 'other'), MAX);
  const given = input('twice.png', 'twice');
  const added = await fresh.inputs.add(given, MAX);
  expect(added.name).toBe('twice (1).png');
  await fresh.inputs.remove('anna', [other.id], 2000);
  expect(await fresh.inputs.add(given, 1)).toEqual(added);
  await expect(fresh.inputs.add({ ...given, userId: 'ben' }, MAX)).rejects.toThrow();
});

test('signs that mean something to the database mean nothing in names', async () => {
  expect(await nameFor('a_%.png', '1')).toBe('a_%.png');
  expect(await nameFor('abc.png', '2')).toBe('abc.png');
  expect(await nameFor('a_%.png', '3')).toBe('a_% (1).png');
  expect(await nameFor('A_%.png', '4')).toBe('A_%.png');
});

test('many at once of one name each get one of their own', async () => {
  const names = await Promise.all(Array.from({ length: 12 }, (_, at) => nameFor('race.png', `race ${at}`)));
  expect(new Set(names).size).toBe(12);
  expect(names).toEqual(expect.arrayContaining(['race.png', 'race (11).png']));
});

test('found are one’s own only, by name or by file, however many are asked for', async () => {
  const mine = await fresh.inputs.add(input('mine.png', 'mine'), MAX);
  const his = await fresh.inputs.add(input('his.png', 'his', 'ben'), MAX);
  const namesOf = async (userId: string, names: readonly string[]) =>
    (await fresh.inputs.find(userId, names)).map(({ name }) => name);
  expect(await namesOf('anna', [mine.name, his.name, his.file])).toEqual(['mine.png']);
  expect(await namesOf('anna', [mine.file])).toEqual(['mine.png']);
  expect(await namesOf('ben', [mine.file, mine.name])).toEqual([]);
  expect(await namesOf('anna', [])).toEqual([]);
  const many = Array.from({ length: 40_000 }, (_, at) => `${at}.png`);
  expect(await namesOf('anna', [...many, 'mine.png'])).toEqual(['mine.png']);
});

test('an upload that is deleted while a job that loads it comes in, or later, is no longer the job’s', async () => {
  const { id } = await fresh.inputs.add(input('loaded.png', 'loaded'), MAX);
  const job = { userId: 'anna', clientRequestId: null, title: 't', prompt: '{}', workflow: null, now: 1 };
  const facts = { ...job, fingerprint: null, expectedFiles: null };
  const loads = await fresh.jobs.add({ ...facts, id: 'loads', inputId: id });
  const misses = await fresh.jobs.add({ ...facts, id: 'misses', inputId: 'deleted' });
  expect([loads.job.inputId, misses.job.inputId]).toEqual([id, null]);
  expect(await fresh.inputs.remove('anna', [id], 2)).toBe(1);
  expect((await fresh.jobs.find('loads'))?.inputId).toBeNull();
});
