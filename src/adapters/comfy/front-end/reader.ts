import type { CaptureFault } from '#src/domain/front-end/capture-words.ts';
import { type FrontEnd, type FrontEndFile, PAGE, withExtras } from '#src/domain/front-end/front-end.ts';
import { isFileOfPage } from '#src/domain/front-end/paths.ts';
import { UNNAMED_FILES } from '#src/domain/front-end/seeds.ts';
import type { CaptureOutcome, FrontEndReader, FrontEndStore } from '#src/ports/comfyui/front-end.ts';
import type { Clock } from '#src/ports/random.ts';
import { createRequest } from '../http.ts';
import { type AskWorker, CaptureFailed, createAsking } from './asking.ts';
import { crawl, readWanted } from './crawl.ts';
import { readExtensions, readGathered, readNodes } from './gathered.ts';
import { pageNow } from './page-key.ts';

const CAPTURE_MINUTES = 20;
const ATTEMPTS = 3;
/** After all was read, whoever answers must still have the same; more replicas, more questions. */
const MAX_CHECKS = 4;
const MAX_LEFT_OUT = 50;

type Deps = { store: Pick<FrontEndStore, 'put'>; clock: Clock };

async function isStill(ask: AskWorker, key: string, replicas: number): Promise<boolean> {
  for (let asked = 0; asked < Math.min(MAX_CHECKS, Math.max(1, replicas)); asked++)
    if ((await pageNow(ask)).key !== key) return false;
  return true;
}

/** Everything that a page needs, read once. Null = meanwhile somebody of another version answered. */
async function readOnce(
  { store, clock }: Deps,
  ask: AskWorker,
  replicas: number,
  wanted: readonly string[],
): Promise<Extract<CaptureOutcome, { type: 'captured' }> | null> {
  const { key, versions, stats, page } = await pageNow(ask);
  const put = (bytes: Buffer, type: string): Promise<FrontEndFile> =>
    store.put(bytes).then((sha256) => ({ sha256, type, bytes: bytes.length }));
  const extensions = await readExtensions(ask);
  const found = await crawl(ask, store.put, page.toString(), [...UNNAMED_FILES, ...extensions]).catch(
    async (error: unknown) => {
      if (!(error instanceof CaptureFailed) || error.fault.type !== 'file') throw error;
      if (await isStill(ask, key, replicas)) throw error;
      return null;
    },
  );
  if (!found) return null;
  const { files, leftOut } = found;
  const nodes = await readNodes(ask);
  const gathered = await readGathered(ask, store.put);
  const more = wanted.filter((path) => isFileOfPage(path) && !files.has(path));
  const extras = await readWanted(ask, store.put, more);
  if (!(await isStill(ask, key, replicas))) return null;
  for (const [path, file] of gathered.files) files.set(path, file);
  files.set(PAGE, await put(page, 'text/html; charset=utf-8'));
  files.set('system_stats', await put(stats, 'application/json; charset=utf-8'));
  const frontEnd: FrontEnd = {
    key,
    capturedAt: clock.now(),
    versions,
    files,
    extras: withExtras({ extras: new Map() }, extras),
    extensions: extensions.filter((path) => files.has(path)),
    leftOut: leftOut.filter((path) => extensions.includes(path)).slice(0, MAX_LEFT_OUT),
  };
  return { type: 'captured', frontEnd, nodes: { ...nodes, replaced: gathered.replaced } };
}

const faultOf = (error: unknown, deadline: AbortSignal): CaptureFault => {
  if (error instanceof CaptureFailed) return error.fault;
  if (deadline.aborted) return { type: 'timeout', minutes: CAPTURE_MINUTES };
  throw error;
};

/** `keyOf` gives the value of the environment variable that an endpoint names. */
export function createFrontEndReader(keyOf: (variable: string) => string | undefined, deps: Deps): FrontEndReader {
  const request = createRequest(keyOf);

  /** Whatever is asked ends in time. */
  const within = (endpoint: Parameters<FrontEndReader['key']>[0], signal: AbortSignal) => {
    const deadline = AbortSignal.timeout(CAPTURE_MINUTES * 60_000);
    return { deadline, ask: createAsking(request, endpoint, AbortSignal.any([signal, deadline])) };
  };

  return {
    async key(endpoint, signal) {
      const { deadline, ask } = within(endpoint, signal);
      try {
        return { key: (await pageNow(ask)).key };
      } catch (error) {
        signal.throwIfAborted();
        return { fault: faultOf(error, deadline) };
      }
    },

    async capture(endpoint, wanted, signal) {
      let fault: CaptureFault = { type: 'mixed', attempts: ATTEMPTS };
      for (let made = 0; made < ATTEMPTS; made++) {
        const { deadline, ask } = within(endpoint, signal);
        try {
          const captured = await readOnce(deps, ask, endpoint.capacity, wanted);
          if (captured) return captured;
          fault = { type: 'mixed', attempts: ATTEMPTS };
        } catch (error) {
          signal.throwIfAborted();
          fault = faultOf(error, deadline);
          // A file that is missing may be one of another version: with luck the next attempt meets one only.
          if (fault.type !== 'file' || fault.problem === 'too_large') break;
        }
      }
      return { type: 'failed', fault };
    },

    async files(endpoint, paths, signal) {
      const { ask } = within(endpoint, signal);
      return readWanted(ask, deps.store.put, paths.filter(isFileOfPage));
    },
  };
}
