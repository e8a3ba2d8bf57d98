import { createHash, randomUUID } from 'node:crypto';
import { access, type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError } from '#src/domain/errors.ts';
import { uploadType } from '#src/domain/files/inputs.ts';
import { formatRule } from '#src/domain/formats/format.ts';
import type { Verdict } from '#src/domain/formats/reading/verdict.ts';
import { fileSize } from '#src/domain/measures.ts';
import type { InputShare } from '#src/ports/inputs.ts';
import { createBlake3 } from '../content-hash.ts';
import { isLinkFree, pathInside } from '../disks/confined.ts';
import { syncFolder } from '../disks/sync-folder.ts';
import { ifThere, isMissing, systemCode } from '../file-errors.ts';
import { answer } from '../media/answer.ts';
import type { BoundedCalls } from './bounded-share.ts';

const LEFT_MS = 86_400_000;
/** What waits in memory for the share to take it must not take longer than one call may. */
const SYNC_BYTES = 16 * 1024 * 1024;

/** `<sfs>/inputs`. What is still arriving is in `.incoming` there: a rename works only within one file system. An upload takes as long as it takes, but each call to the share only as long as all calls. */
export function createInputShare(folder: string, boundedCalls: BoundedCalls): InputShare {
  const inputsDir = resolve(folder);
  const incoming = join(inputsDir, '.incoming');
  let cleared = false;
  /** Of uploads that the share left hanging. */
  const leftOpen = new Set<FileHandle>();
  const call = <T>(work: () => Promise<T>): Promise<T> => boundedCalls('your upload', () => onShare(work()));

  async function close(handle: FileHandle): Promise<void> {
    leftOpen.add(handle);
    await boundedCalls('closing an upload', () => handle.close()).then(
      () => leftOpen.delete(handle),
      () => undefined,
    );
  }

  /** `inputs` itself is not made: where it is missing, most likely nothing is mounted. */
  async function makeIncoming(): Promise<void> {
    await mkdir(incoming).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    if (cleared) return;
    cleared = true;
    await clearLeft(incoming);
  }

  return {
    async keep(arriving, { name, limit }) {
      const temporary = join(incoming, randomUUID());
      try {
        await call(makeIncoming);
        for (const handle of leftOpen) await close(handle);
        // Workers may be another user.
        const handle = await call(() => open(temporary, 'wx+', 0o644));
        try {
          const { sha256, blake3, bytes } = await write(handle, arriving, { name, limit }, call);
          const { extension, ...type } = judge(
            await call(() => answer(handle, formatRule(basename(name), bytes))),
            name,
          );
          await call(() => handle.chmod(0o644));
          await call(() => handle.sync());
          const file = `${sha256}.${extension}`;
          await call(() => putInPlace(temporary, join(inputsDir, file), bytes));
          return { file, extension, sha256, blake3, bytes, ...type };
        } finally {
          await close(handle);
        }
      } finally {
        // What cannot be removed now is cleared away after the next start.
        await boundedCalls('an upload', () => rm(temporary, { force: true })).catch(() => undefined);
      }
    },

    async discard(file, isUnused) {
      if (!(await isUnused())) return;
      const [place, aside] = [join(inputsDir, file), join(incoming, `${randomUUID()}.${file}`)];
      await boundedCalls('an upload', () => onShare(makeIncoming()));
      const wasThere = await boundedCalls('an upload', () => onShare(ifThere(rename(place, aside).then(() => true))));
      if (!wasThere) return;
      if (await isUnused()) await boundedCalls('an upload', () => onShare(rm(aside, { force: true })));
      else await boundedCalls('an upload', () => onShare(rename(aside, place)));
    },

    async has(path) {
      if (path.split('/').some((part) => part === '' || part.startsWith('.')) || path.includes('\0')) return false;
      return boundedCalls(`searching for “${path}”`, async () => {
        try {
          return (await isLinkFree(inputsDir, path)) && (await lstat(pathInside(inputsDir, path))).isFile();
        } catch (error) {
          if (!isMissing(error) && !['ENAMETOOLONG', 'ELOOP'].includes(systemCode(error) ?? '')) throw refusal(error);
        }
        await onShare(access(inputsDir));
        return false;
      });
    },
  };
}

/** Removes what a crash left. Others may use the same share, so what may still be arriving stays. */
async function clearLeft(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const there = await ifThere(lstat(join(incoming, name)));
    if (there && there.mtimeMs < Date.now() - LEFT_MS) await rm(join(incoming, name), { force: true });
  }
}

async function write(
  handle: FileHandle,
  arriving: AsyncIterable<Uint8Array>,
  { name, limit }: { name: string; limit: number },
  call: <T>(work: () => Promise<T>) => Promise<T>,
) {
  const hash = createHash('sha256');
  const blake3 = await createBlake3();
  let bytes = 0;
  let unsynced = 0;
  for await (const piece of arriving) {
    bytes += piece.length;
    if (bytes > limit)
      throw new AppError('too_large', `“${name}” is too large: a file may have at most ${fileSize(limit)}.`);
    hash.update(piece);
    blake3.update(piece);
    await call(() => handle.writeFile(piece));
    unsynced += piece.length;
    if (unsynced < SYNC_BYTES) continue;
    unsynced = 0;
    await call(() => handle.datasync());
  }
  return { sha256: hash.digest('hex'), blake3: blake3.digest(), bytes };
}

function judge(verdict: Verdict, name: string) {
  if (verdict.state === 'growing' || verdict.state === 'broken')
    throw new AppError(
      'invalid_input',
      `“${name}” is incomplete or does not match its file extension: ${verdict.why}. Check the file and add it again.`,
    );
  const type = uploadType(verdict);
  if (!type)
    throw new AppError(
      'invalid_input',
      `“${name}” is not a picture, film or sound that a workflow can load. SVG is not supported.`,
    );
  return type;
}

/** The same bytes are there once; a worker may be reading them just now. */
async function putInPlace(temporary: string, target: string, bytes: number): Promise<void> {
  const there = await ifThere(lstat(target));
  if (there?.isFile() && there.size === bytes) return;
  await rename(temporary, target);
  await syncFolder(resolve(target, '..'));
}

async function onShare<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(cause: unknown): AppError {
  const code = systemCode(cause) ?? 'unknown error';
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError(
        'storage_full',
        'The shared file system is full, so no files can be added. Tell the operator to free up space.',
        { cause },
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new AppError(
        'share_unavailable',
        `The shared file system cannot be written to (${code}), so no files can be added. The operator needs to make its folder "inputs" writable.`,
        { cause },
      );
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError(
        'share_unavailable',
        'The folder "inputs" on the shared file system does not exist. The operator needs to check that the share is mounted and create the folder.',
        { cause },
      );
    default:
      return new AppError(
        'share_unavailable',
        `The shared file system is not available (${code}). Try again in a moment. If it keeps failing, tell the operator.`,
        { cause },
      );
  }
}
