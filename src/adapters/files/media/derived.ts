import { randomUUID } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import pTimeout from 'p-timeout';
import { AppError } from '#src/domain/errors.ts';
import type { FileFacts } from '#src/domain/file-facts.ts';
import { canHave, DERIVED, type Derived, mediaTypeOf } from '#src/domain/files/derived.ts';
import type { FileStore, LocalFile } from '#src/ports/files/file-store.ts';
import type { Made } from '#src/ports/gallery.ts';
import type { Log } from '#src/ports/log.ts';
import { freeBytes } from '../disks/disk.ts';
import { storageError } from '../file-errors.ts';
import { makeClean } from './clean-copy.ts';
import { type Media, NoFfmpegError } from './ffmpeg.ts';
import { isStill, makeProxy, posterOf, stillOf, storyboardOf } from './films.ts';
import { packPicture, shrinkPicture } from './pictures.ts';
import { waveformOf } from './waveform.ts';

const RETRY_AFTER_MS = 10 * 60_000;
const ANSWER_MS = 300;
const MAX_FAILED = 10_000;
/** A copy must not take the room that results need. */
const LEFT_FREE = 1024 ** 3;

const ENDINGS: Readonly<Record<Derived, string>> = {
  thumbnail: 'webp',
  storyboard: 'storyboard.webp',
  waveform: 'waveform.json',
  proxy: 'proxy.mp4',
  clean: 'clean',
};
const MIMES: Readonly<Record<Exclude<Derived, 'clean'>, string>> = {
  thumbnail: 'image/webp',
  storyboard: 'image/webp',
  waveform: 'application/json',
  proxy: 'video/mp4',
};
const NOUNS: Readonly<Record<Derived, string>> = {
  thumbnail: 'thumbnail',
  storyboard: 'storyboard',
  waveform: 'waveform',
  proxy: 'version for browsers',
  clean: 'copy without metadata',
};

const none = (what: Derived, because = ''): Made => ({
  state: 'none',
  why: `No ${NOUNS[what]} of this file${because === '' ? '' : `: ${because}`}.`,
});

type Options = { readonly now: () => number; readonly log: Log };

/** What is made from results, kept in `store` under the result's id. */
export function createDerived(store: FileStore, { now, log }: Options) {
  const underway = new Map<string, { readonly making: Promise<Made>; readonly end: AbortController }>();
  const failed = new LRUCache<string, Made>({ max: MAX_FAILED, ttl: RETRY_AFTER_MS, ttlResolution: 0, perf: { now } });
  let closed = false;
  const others = new PQueue({ concurrency: 2 });
  const queues: Readonly<Record<Derived, PQueue>> = {
    thumbnail: new PQueue({ concurrency: 2 }),
    storyboard: others,
    waveform: others,
    clean: others,
    proxy: new PQueue({ concurrency: 1 }),
  };

  const nameOf = (what: Derived, id: string): string => `${id}.${ENDINGS[what]}`;

  function remember(key: string, made: Made): Made {
    failed.set(key, made);
    return made;
  }

  async function make(
    what: Derived,
    id: string,
    source: LocalFile,
    facts: FileFacts,
    signal: AbortSignal,
  ): Promise<Made> {
    const name = nameOf(what, id);
    const there: Made = {
      state: 'there',
      mime: what === 'clean' ? facts.mime : MIMES[what],
      open: () => store.open(name),
      local: (use) => store.local(name, use),
    };
    if (await exists(name)) return there;
    const key = `${what} ${id}`;
    const before = failed.get(key);
    if (before) return before;
    return queues[what].add(async () => {
      const temporary = store.draft(randomUUID());
      try {
        signal.throwIfAborted();
        const written = await source((file) => write(what, file, facts, temporary, signal));
        if (!written) return remember(key, none(what));
        signal.throwIfAborted();
        await store.put(temporary, name, null);
        failed.delete(key);
        return there;
      } catch (error) {
        if (error instanceof NoFfmpegError) return remember(key, none(what, error.message));
        if (error instanceof AppError) throw error;
        if (!signal.aborted) log.info({ err: error, what, result: id }, 'could not create a derived file');
        return remember(key, none(what, 'it could not be created'));
      } finally {
        await rm(temporary, { force: true });
      }
    });
  }

  async function exists(name: string): Promise<boolean> {
    try {
      return (await store.size(name)) !== null;
    } catch (error) {
      throw storageError(error, name);
    }
  }

  function begin(key: string, work: (signal: AbortSignal) => Promise<Made>): Promise<Made> {
    const end = new AbortController();
    if (closed) end.abort();
    const making = work(end.signal).finally(() => underway.delete(key));
    underway.set(key, { making, end });
    return making;
  }

  return {
    async derive(what: Derived, id: string, source: LocalFile, facts: FileFacts): Promise<Made> {
      if (!/^[\w-]{1,100}$/.test(id)) throw new AppError('invalid_input', `"${id}" is not the id of a result.`);
      if (!canHave(what, facts)) return none(what);
      const key = `${what} ${id}`;
      const known = underway.get(key)?.making;
      const making = known ?? begin(key, (signal) => make(what, id, source, facts, signal));
      if (what !== 'proxy') return making;
      // Known answers come at once; encoding takes longer.
      return pTimeout(making, { milliseconds: ANSWER_MS, fallback: () => ({ state: 'underway' }) });
    },

    async discard(id: string): Promise<void> {
      await endThose(DERIVED.flatMap((what) => underway.get(`${what} ${id}`) ?? []));
      await Promise.all(DERIVED.map((what) => store.remove(nameOf(what, id))));
    },

    async close(): Promise<void> {
      closed = true;
      await endThose([...underway.values()]);
    },
  };
}

async function endThose(those: readonly { making: Promise<Made>; end: AbortController }[]): Promise<void> {
  for (const { end } of those) end.abort();
  await Promise.allSettled(those.map(({ making }) => making));
}

/** `false` for what sharp and ffmpeg cannot make anything of: such a result simply has none. */
async function write(
  what: Derived,
  file: string,
  facts: FileFacts,
  target: string,
  signal: AbortSignal,
): Promise<boolean> {
  const type = mediaTypeOf(facts.mime);
  const media = type && { file, type };
  switch (what) {
    case 'thumbnail': {
      return keep(await smallPicture(file, facts, media, signal), target);
    }
    case 'storyboard': {
      const frames = media && facts.duration !== null ? await storyboardOf(media, facts.duration, signal) : null;
      return keep(frames && (await packPicture(frames, signal)), target);
    }
    case 'waveform': {
      const peaks = media ? await waveformOf(media, signal) : [];
      return keep(peaks.length > 0 ? JSON.stringify(peaks) : null, target);
    }
    case 'proxy':
      await expectRoom(file, target);
      if (media) await makeProxy(media, target, signal);
      return media !== null;
    case 'clean':
      await expectRoom(file, target);
      return makeClean(file, facts.mime, target, signal);
  }
}

async function smallPicture(
  file: string,
  { kind, mime }: FileFacts,
  media: Media | null,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  if (kind !== 'video' && !isStill(mime)) return shrinkPicture(file, signal);
  const frame = kind === 'video' ? media && (await posterOf(media, signal)) : await stillOf(file, mime, signal);
  return frame && shrinkPicture(frame, signal);
}

async function keep(content: Uint8Array | string | null, target: string): Promise<boolean> {
  if (content === null) return false;
  await writeFile(target, content).catch((error: unknown) => {
    throw storageError(error, target);
  });
  return true;
}

async function expectRoom(file: string, target: string): Promise<void> {
  const free = await freeBytes(dirname(target));
  if (free !== null && (await stat(file)).size + LEFT_FREE > free) throw new Error('no disk space left for copies');
}
