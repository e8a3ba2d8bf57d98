import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Archive, ArchiveStore } from '#src/ports/files/archives.ts';
import { createFolderStore } from '../stores/folder-store.ts';
import { createArchiveStore } from './archive-store.ts';

let root = '';
let archives: ArchiveStore;
function open(): ArchiveStore {
  const results = createFolderStore(join(root, 'outputs'), { drafts: '.incoming', durable: true });
  return createArchiveStore(createFolderStore(join(root, 'archives'), { drafts: '.packing', durable: false }), {
    open: results.open,
    size: async (path) => {
      const size = await results.size(path);
      return size === 'no file' ? null : size;
    },
  });
}
const facts = (files: Archive['files']) => ({ userId: 'anna', filename: 'Anna.zip', missing: 0, files });
const nameless = { name: 'x', time: 0, clock: 0 };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-shelf-'));
  await mkdir(join(root, 'outputs'));
  archives = open();
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all).toString();
}

test('what is packed is there again after a restart, with the same bytes', async () => {
  const ticket = archives.ticketFor('one choice');
  expect(archives.ticketFor('one choice')).toBe(ticket);
  expect(await archives.find(ticket)).toBeNull();
  const packed = await archives.pack(ticket, async (writer) => {
    expect(await writer.append('list', 'äb')).toEqual({ at: 0, bytes: 3 });
    const { at, bytes } = await writer.append('list', 'second');
    return facts([{ ...nameless, bytes, content: { type: 'made', file: 'list', at } }]);
  });
  expect(await archives.find(ticket)).toEqual(packed);
  const again = open();
  const found = await again.find(ticket);
  expect(found).toEqual(packed);
  const file = packed.files[0]!;
  expect(await bytesOf(again.read(ticket, file, 1, 4))).toBe('eco');
  expect(await again.crc(ticket, file)).toBe(crc32('second'));
});

test('when packing fails there is nothing, and nothing is left over', async () => {
  const ticket = archives.ticketFor('x');
  const packing = archives.pack(ticket, async (writer) => {
    await writer.append('list', 'half');
    throw new Error('no');
  });
  await expect(packing).rejects.toThrow();
  expect(await archives.find(ticket)).toBeNull();
  expect(await readdir(join(root, 'archives', '.packing'))).toEqual([]);
});

test('what another process has removed is not there', async () => {
  const ticket = archives.ticketFor('shared');
  await archives.pack(ticket, async () => facts([]));
  const elsewhere = open();
  expect(await elsewhere.find(ticket)).not.toBeNull();
  await archives.clear(Number.POSITIVE_INFINITY, 0);
  expect(await elsewhere.find(ticket)).toBeNull();
});

test('a result that is not what it was is refused, whole or in part', async () => {
  await writeFile(join(root, 'outputs', 'a.png'), 'twelve bytes');
  const file = { ...nameless, bytes: 12, content: { type: 'result', path: 'a.png', sha256: 's' } } as const;
  expect([await archives.size('a.png'), await archives.size('b.png')]).toEqual([12, null]);
  expect(await bytesOf(archives.read('t', file, 0, 12))).toBe('twelve bytes');
  await truncate(join(root, 'outputs', 'a.png'), 5);
  await expect(bytesOf(archives.read('t', file, 0, 2))).rejects.toThrow('has changed since it was packed');
  await expect(archives.crc('t', file)).rejects.toThrow('has changed since it was packed');
  await writeFile(join(root, 'outputs', 'a.png'), 'twelve bytes');
  expect(await archives.crc('t', file)).toBe(crc32('twelve bytes'));
});

test('old ones go, and the oldest of too many', async () => {
  const tickets = ['a', 'b', 'c', 'd'].map((choice) => archives.ticketFor(choice));
  for (const [hours, ticket] of tickets.entries()) {
    await archives.pack(ticket, async () => facts([]));
    await utimes(join(root, 'archives', ticket), hours * 3600, hours * 3600);
  }
  const left = async () =>
    (await Promise.all(tickets.map((ticket) => archives.find(ticket)))).map((found) => found !== null);
  await archives.clear(3_600_000, 10);
  expect(await left()).toEqual([false, true, true, true]);
  await archives.clear(0, 2);
  expect(await left()).toEqual([false, false, true, true]);
});

test.each(['..', '.packing', 'x/../../y', ''])('%j is no ticket', async (ticket) => {
  expect(await archives.find(ticket)).toBeNull();
});
