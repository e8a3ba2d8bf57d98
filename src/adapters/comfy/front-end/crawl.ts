import type { FileProblem } from '#src/domain/front-end/capture-words.ts';
import { type FrontEndFile, MAX_FILE_BYTES, MAX_FILES, PAGE } from '#src/domain/front-end/front-end.ts';
import { asAddress, endingOf, isNamedByContent, typeByEnding } from '#src/domain/front-end/paths.ts';
import { referencesIn } from '#src/domain/front-end/references.ts';
import type { FrontEndStore } from '#src/ports/comfyui/front-end.ts';
import { type AskWorker, CaptureFailed, type Got } from './asking.ts';

const AT_ONCE = 6;
/** The replica that answers may be of another version: the next one may not. */
const ATTEMPTS = { needed: 6, wanted: 2 };
const MAX_TYPE_LENGTH = 100;

/** Whoever built the page put the hash into the name: a script or a style sheet of this name must be there. Other texts may only look like names. */
const mustExist = (path: string): boolean => isNamedByContent(path) && /^(m?js|css)$/.test(endingOf(path));

const problemOf = (path: string, got: Got): FileProblem | null => {
  switch (got.type) {
    case 'other':
      return 'missing';
    case 'too_large':
      return 'too_large';
    case 'cut':
      return 'unreadable';
    case 'got':
      return /\bhtml\b/i.test(got.contentType) && !/^html?$/.test(endingOf(path)) ? 'web_page' : null;
  }
};

const typeOf = (path: string, contentType: string): string => {
  const said = /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*charset=[\w-]+)?$/.test(contentType) ? contentType : '';
  return typeByEnding(path) ?? (said.slice(0, MAX_TYPE_LENGTH) || 'application/octet-stream');
};

export async function inParallel<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const work = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Or why it cannot be had. */
async function read(
  ask: AskWorker,
  path: string,
  isNeeded: boolean,
): Promise<{ bytes: Buffer; contentType: string } | FileProblem> {
  let problem: FileProblem = 'missing';
  for (let made = 0; made < (isNeeded ? ATTEMPTS.needed : ATTEMPTS.wanted); made++) {
    const got = await ask(asAddress(path), MAX_FILE_BYTES);
    const found = problemOf(path, got);
    if (found === null && got.type === 'got') return got;
    problem = found ?? 'unreadable';
    // It would be as long the next time.
    if (problem === 'too_large' || (!isNeeded && got.type === 'other' && got.httpStatus === 404)) break;
  }
  if (isNeeded) throw new CaptureFailed({ type: 'file', path, problem });
  return problem;
}

/** Those of these files that are there. */
export async function readWanted(
  ask: AskWorker,
  put: FrontEndStore['put'],
  paths: readonly string[],
): Promise<ReadonlyMap<string, FrontEndFile>> {
  const files = new Map<string, FrontEndFile>();
  await inParallel(paths, async (path) => {
    const found = await read(ask, path, false);
    if (typeof found === 'string') return;
    const { bytes, contentType } = found;
    files.set(path, { sha256: await put(bytes), type: typeOf(path, contentType), bytes: bytes.length });
  });
  return files;
}

type Crawled = { readonly files: Map<string, FrontEndFile>; readonly leftOut: string[] };

/** Reads all files that a page names, with those that they name, and `besides`. Only what the front end's own files name must be there. */
export async function crawl(
  ask: AskWorker,
  put: FrontEndStore['put'],
  page: string,
  besides: readonly string[],
): Promise<Crawled> {
  const ofPage = referencesIn(page, PAGE);
  const needed = new Set(ofPage.filter(mustExist));
  const seen = new Set([...ofPage, ...besides]);
  const files = new Map<string, FrontEndFile>();
  const leftOut: string[] = [];
  let next = [...seen];
  while (next.length > 0) {
    if (seen.size > MAX_FILES) throw new CaptureFailed({ type: 'too_many_files' });
    const named = new Set<string>();
    await inParallel(next, async (path) => {
      const found = await read(ask, path, needed.has(path));
      if (typeof found === 'string') {
        leftOut.push(path);
        return;
      }
      const { bytes, contentType } = found;
      files.set(path, { sha256: await put(bytes), type: typeOf(path, contentType), bytes: bytes.length });
      for (const reference of referencesIn(bytes.toString(), path)) {
        named.add(reference);
        if (path.startsWith('assets/') && mustExist(reference)) needed.add(reference);
      }
    });
    next = [...named].filter((path) => !seen.has(path));
    for (const path of next) seen.add(path);
  }
  return { files, leftOut };
}
