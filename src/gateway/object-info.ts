import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Choices, createFilling } from '#src/domain/node-catalogue/fill.ts';
import type { Union } from '#src/domain/node-catalogue/union.ts';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';

const compress = promisify(gzip);
/** Of an event loop at a time. */
const SLICE_MS = 8;
/** Of everybody: as many as a class has people, and those who look at it. */
const MAX_KEPT = 40;

export type Kept = { readonly etag: string; readonly zipped: Buffer };
export type Asked = {
  readonly union: Union;
  readonly version: string;
  readonly choices: Choices;
  readonly withApi: boolean;
};

const isShown = (isApi: boolean, withApi: boolean): boolean => withApi || !isApi;

/** One class, or none of that name. */
export function classInfo({ union, choices, withApi }: Omit<Asked, 'version'>, name: string): string {
  const found = union.classes.get(name);
  if (!found || !isShown(found.isApi, withApi)) return '{}';
  return `{${JSON.stringify(name)}:${createFilling(choices)(found)}}`;
}

async function textOf({ union, choices, withApi }: Asked): Promise<Buffer> {
  const fill = createFilling(choices);
  const pieces: Buffer[] = [];
  let text = '';
  let until = performance.now() + SLICE_MS;
  for (const [name, nodeClass] of union.classes) {
    if (!isShown(nodeClass.isApi, withApi)) continue;
    text += `${pieces.length === 0 && text === '' ? '{' : ','}${JSON.stringify(name)}:${fill(nodeClass)}`;
    if (performance.now() < until) continue;
    pieces.push(Buffer.from(text));
    text = '';
    await setImmediate();
    until = performance.now() + SLICE_MS;
  }
  pieces.push(Buffer.from(pieces.length === 0 && text === '' ? '{}' : `${text}}`));
  return Buffer.concat(pieces);
}

/** What everybody's page asks for when it starts, up to 20 MB: written once for whoever may choose from the same, and kept compressed. */
export function createObjectInfo(): (asked: Asked) => Promise<Kept> {
  const kept = new Map<string, Promise<Kept>>();
  const inTurn = oneAtATime();

  async function make(etag: string, asked: Asked): Promise<Kept> {
    return { etag, zipped: await compress(await textOf(asked), { level: 4 }) };
  }

  return (asked) => {
    const { version, choices, withApi } = asked;
    const etag = createHash('sha256')
      .update(JSON.stringify([version, withApi, choices.uploads, [...choices.models]]))
      .digest('base64url');
    const found = kept.get(etag) ?? inTurn('', () => make(etag, asked));
    kept.delete(etag);
    kept.set(etag, found);
    found.catch(() => kept.delete(etag));
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    return found;
  };
}
