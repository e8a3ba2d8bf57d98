import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Parcel, Shelf } from '#src/ports/take-home.ts';
import { createShelf } from './archive-store.ts';

let root = '';
let shelf: Shelf;
const open = (): Shelf => createShelf(join(root, 'shelf'), (path) => join(root, 'outputs', path));
const facts = (files: Parcel['files']) => ({ userId: 'anna', filename: 'Anna.zip', missing: 0, files });
const nameless = { name: 'x', time: 0, clock: 0 };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-shelf-'));
  await mkdir(join(root, 'outputs'));
  shelf = open();
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all).toString();
}

test('what is packed is there again after a restart, with the same bytes', async () => {
  const ticket = shelf.ticketFor('one choice');
  expect(shelf.ticketFor('one choice')).toBe(ticket);
  expect(await shelf.find(ticket)).toBeNull();
  const packed = await shelf.pack(ticket, async (box) => {
    expect(await box.append('list', 'äb')).toEqual({ at: 0, bytes: 3 });
    const { at, bytes } = await box.append('list', 'second');
    return facts([{ ...nameless, bytes, content: { type: 'made', file: 'list', at } }]);
  });
  expect(await shelf.find(ticket)).toEqual(packed);
  const again = open();
  const found = await again.find(ticket);
  expect(found).toEqual(packed);
  const file = packed.files[0]!;
  expect(await bytesOf(again.read(ticket, file, 1, 4))).toBe('eco');
  expect(await again.crc(ticket, file)).toBe(crc32('second'));
});

test('when packing fails there is nothing, and nothing is left over', async () => {
  const ticket = shelf.ticketFor('x');
  const packing = shelf.pack(ticket, async (box) => {
    await box.append('list', 'half');
    throw new Error('no');
  });
  await expect(packing).rejects.toThrow();
  expect(await shelf.find(ticket)).toBeNull();
  expect(await readdir(join(root, 'shelf', '.packing'))).toEqual([]);
});

test('a result that is not what it was is refused, whole or in part', async () => {
  await writeFile(join(root, 'outputs', 'a.png'), 'twelve bytes');
  const file = { ...nameless, bytes: 12, content: { type: 'result', path: 'a.png', sha256: 's' } } as const;
  expect([await shelf.size('a.png'), await shelf.size('b.png')]).toEqual([12, null]);
  expect(await bytesOf(shelf.read('t', file, 0, 12))).toBe('twelve bytes');
  await truncate(join(root, 'outputs', 'a.png'), 5);
  await expect(bytesOf(shelf.read('t', file, 0, 2))).rejects.toThrow('has changed since it was packed');
  await expect(shelf.crc('t', file)).rejects.toThrow('has changed since it was packed');
  await writeFile(join(root, 'outputs', 'a.png'), 'twelve bytes');
  expect(await shelf.crc('t', file)).toBe(crc32('twelve bytes'));
});

test('old ones go, and the oldest of too many', async () => {
  const tickets = ['a', 'b', 'c', 'd'].map((choice) => shelf.ticketFor(choice));
  for (const [hours, ticket] of tickets.entries()) {
    await shelf.pack(ticket, async () => facts([]));
    await utimes(join(root, 'shelf', ticket), hours * 3600, hours * 3600);
  }
  const left = async () =>
    (await Promise.all(tickets.map((ticket) => shelf.find(ticket)))).map((found) => found !== null);
  await shelf.clear(3_600_000, 10);
  expect(await left()).toEqual([false, true, true, true]);
  await shelf.clear(0, 2);
  expect(await left()).toEqual([false, false, true, true]);
});

test.each(['..', '.packing', 'x/../../y', ''])('%j is no ticket', async (ticket) => {
  expect(await shelf.find(ticket)).toBeNull();
});
