import { createHash } from 'node:crypto';
import { open, rename, rm, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { OpenedFile } from '#src/ports/files/file-store.ts';
import { freeBytes } from '../disks/disk.ts';
import { ifThere, isMissing, noRoom } from '../file-errors.ts';
import { openedFile } from './opened.ts';

/** What is copied. `etag`: other content has another one. */
export type Original = { readonly key: string; readonly etag: string; readonly bytes: number };

type Copy = { readonly file: string; readonly etag: string; users: number; isMade: boolean; making: Promise<void> };

/** Copies must not take the room that results on their way need, or jobs are refused. */
export const LEFT_FREE = 1024 ** 3;

/**
 * Copies on this machine's disk of what is elsewhere, for programs that need a file. When they take more than `maxBytes`, those used longest ago go; what
 * is in use stays until it is not.
 */
export function createLocalCopies(
  draft: (name: string) => string,
  maxBytes: number,
  freeIn: (dir: string) => Promise<number | null> = freeBytes,
) {
  const copies = new LRUCache<string, Copy>({
    maxSize: maxBytes,
    disposeAfter: (copy, key) => void removeUnused(key, copy),
  });
  let count = 0;

  const newFile = (key: string): string => {
    count += 1;
    return draft(`${createHash('sha256').update(key).digest('hex')}-${count}`);
  };
  const keep = (key: string, copy: Copy, bytes: number) => copies.set(key, copy, { size: Math.max(1, bytes) });

  async function removeUnused(key: string, copy: Copy): Promise<void> {
    if (copy.users > 0 || copies.peek(key) === copy) return;
    await copy.making.catch(() => undefined);
    await rm(copy.file, { force: true }).catch(() => undefined);
  }

  function known({ key, etag }: Original): Copy | null {
    const copy = copies.get(key);
    if (copy?.etag === etag) return copy;
    if (copy) copies.delete(key);
    return null;
  }

  /** A new time says that it is in use: a host that starts removes what is a day old. Where that has happened, it is known no more. */
  async function refresh(original: Original): Promise<void> {
    const copy = known(original);
    if (!copy?.isMade) return;
    const now = new Date();
    const isThere = await ifThere(utimes(copy.file, now, now).then(() => true));
    if (!isThere && copies.peek(original.key) === copy) copies.delete(original.key);
  }

  /** Where the disk has little room, copies that nobody uses go. */
  async function makeRoom(file: string, bytes: number): Promise<void> {
    for (;;) {
      const free = await freeIn(dirname(file));
      if (free === null || free - bytes >= LEFT_FREE) return;
      const oldest = [...copies.rkeys()].find((key) => copies.peek(key)?.users === 0);
      const copy = oldest === undefined ? undefined : copies.peek(oldest);
      if (oldest === undefined || copy === undefined) {
        if (bytes > free) throw noRoom(file);
        return;
      }
      copies.delete(oldest);
      await rm(copy.file, { force: true });
    }
  }

  async function make(copy: Copy, bytes: number, fill: (file: string) => Promise<void>): Promise<void> {
    await makeRoom(copy.file, bytes);
    await fill(copy.file);
    copy.isMade = true;
  }

  return {
    /** Opens the copy if there is one. */
    async open(original: Original): Promise<OpenedFile | null> {
      const copy = known(original);
      if (!copy?.isMade) return null;
      try {
        return await openedFile(await open(copy.file));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },

    /** Gives `use` a copy, which stays meanwhile; `fill` makes it where there is none. */
    async use<T>(
      original: Original,
      fill: (file: string) => Promise<void>,
      use: (file: string) => Promise<T>,
    ): Promise<T> {
      const { key, etag, bytes } = original;
      await refresh(original);
      let copy = known(original);
      if (!copy) {
        copy = { file: newFile(key), etag, users: 0, isMade: false, making: Promise.resolve() };
        copy.making = make(copy, bytes, fill);
        keep(key, copy, bytes);
      }
      copy.users += 1;
      try {
        await copy.making.catch((error: unknown) => {
          if (copies.peek(key) === copy) copies.delete(key);
          throw error;
        });
        return await use(copy.file);
      } finally {
        copy.users -= 1;
        await removeUnused(key, copy);
      }
    },

    /** Takes a file that is what was put there just now. */
    async adopt({ key, etag, bytes }: Original, file: string): Promise<void> {
      const copy = { file: newFile(key), etag, users: 0, isMade: true, making: Promise.resolve() };
      await rename(file, copy.file);
      keep(key, copy, bytes);
      await removeUnused(key, copy);
      await makeRoom(copy.file, 0);
    },

    forget: (key: string): void => void copies.delete(key),
  };
}

export type LocalCopies = ReturnType<typeof createLocalCopies>;
