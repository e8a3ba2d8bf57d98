import { randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import { mkdir, open, opendir, readFile, realpath, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CheckOutcome } from '#src/domain/health/finding.ts';
import type { FolderFacts } from '#src/domain/health/folder-report.ts';
import type { ShareFacts } from '#src/domain/health/mount-report.ts';
import { type Mount, mountOf, parseMountinfo } from '#src/domain/health/mountinfo.ts';
import { freeBytes } from '../disks/disk.ts';
import { ifThere, isMissing, systemCode } from '../file-errors.ts';
import { bounded } from './bounded.ts';
import type { BoundedCalls as Calls } from './bounded-share.ts';
import { detectShareMode } from './share-mode.ts';

type BoundedCalls = {
  /** For each look. */
  readonly maxMs: number;
  /** For the event of a file just written, where one comes at all. */
  readonly eventMs: number;
  /** Nobody waits for the findings any more: events are not waited for either. */
  readonly signal: AbortSignal;
  /** What all calls to the share go through. */
  readonly calls: Calls;
};

/** Looks at how the share is mounted and what can be done there. Ends in time whatever the share does: after one look without an answer it is asked no more. */
export async function checkMount(sfsDir: string, boundedCalls: BoundedCalls): Promise<ShareFacts> {
  let isSilent = false;
  const attempt = async <T>(work: () => Promise<T>): Promise<CheckOutcome<T>> => {
    if (isSilent) return { type: 'silent' };
    const outcome = await bounded(boundedCalls.calls('the health check', work), boundedCalls.maxMs);
    isSilent = outcome.type === 'silent' || (outcome.type === 'failed' && outcome.code === 'share_unavailable');
    return isSilent ? { type: 'silent' } : outcome;
  };
  // An automounter mounts at the first look, so the table of mounts is read after it.
  const root = await attempt(() => readOne(sfsDir));
  const real = await attempt(() => realpath(sfsDir));
  const mount = await mountAt(real.type === 'got' ? real.value : resolve(sfsDir));
  const remote = await attempt(async () => (await detectShareMode(sfsDir)) === 'poll');
  const free = await attempt(() => freeBytes(sfsDir));
  const outputs = await attempt(() => tryFolder(join(sfsDir, 'outputs'), boundedCalls));
  const inputs = await attempt(() => tryFolder(join(sfsDir, 'inputs'), boundedCalls));
  return { dir: sfsDir, waitedMs: boundedCalls.maxMs, root, mount, remote, outputs, inputs, free };
}

/** Reads as little of a folder as proves that it can be read. */
export async function readOne(dir: string): Promise<null> {
  const folder = await opendir(dir);
  try {
    await folder.read();
  } finally {
    await folder.close();
  }
  return null;
}

/** Null on systems that do not have Linux's table. */
async function mountAt(path: string): Promise<Mount | null> {
  const table = await ifThere(readFile('/proc/self/mountinfo', 'utf8'));
  return table === null ? null : mountOf(path, parseMountinfo(table));
}

async function tryFolder(dir: string, boundedCalls: BoundedCalls): Promise<FolderFacts> {
  const code = (error: unknown) => systemCode(error) ?? String(error);
  try {
    await readOne(dir);
  } catch (error) {
    return isMissing(error) ? { type: 'missing' } : { type: 'unreadable', code: code(error) };
  }
  const own = join(dir, `.comfyume-check-${randomUUID()}`);
  try {
    await mkdir(own);
    try {
      return await tryWriting(own, boundedCalls);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  } catch (error) {
    return { type: 'refused', code: code(error) };
  }
}

async function tryWriting(dir: string, boundedCalls: BoundedCalls): Promise<FolderFacts> {
  const events = listen(dir, boundedCalls);
  try {
    const before = Date.now();
    const handle = await open(join(dir, 'check'), 'wx');
    try {
      await handle.writeFile('Can be removed.\n');
      await handle.sync();
      const { mtimeMs } = await handle.stat();
      const after = Date.now();
      const skewMs = Math.min(0, mtimeMs - before) + Math.max(0, mtimeMs - after);
      return { type: 'writable', skewMs, events: await events.answer };
    } finally {
      await handle.close();
    }
  } finally {
    events.stop();
  }
}

type Events = Extract<FolderFacts, { type: 'writable' }>['events'];

/** Whether the system tells of something in `dir` from now on. */
function listen(dir: string, { eventMs, signal }: BoundedCalls): { answer: Promise<Events>; stop: () => void } {
  const end = new AbortController();
  const answer = new Promise<Events>((resolve) => {
    const refuse = (error: unknown) => resolve({ code: systemCode(error) ?? String(error) });
    const timer = setTimeout(() => end.abort(), eventMs);
    const giveUp = () => end.abort();
    signal.addEventListener('abort', giveUp);
    end.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve('not seen');
    });
    try {
      watch(dir, { persistent: false, signal: end.signal }, () => resolve('seen')).on('error', refuse);
    } catch (error) {
      refuse(error);
    }
  });
  return { answer, stop: () => end.abort() };
}
