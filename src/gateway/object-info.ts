import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Choices, createFilling } from '#src/domain/node-catalogue/fill.ts';
import type { Union } from '#src/domain/node-catalogue/union.ts';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';

/** Characters; takes a millisecond. */
const PIECE = 128 * 1024;
const LEVEL = 4;
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

function* textOf({ union, choices, withApi }: Asked): Generator<Buffer> {
  const fill = createFilling(choices);
  let text = '{';
  let separator = '';
  for (const [name, nodeClass] of union.classes) {
    if (!isShown(nodeClass.isApi, withApi)) continue;
    text += `${separator}${JSON.stringify(name)}:${fill(nodeClass)}`;
    separator = ',';
    if (text.length < PIECE) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(`${text}}`);
}

/** Compressed aside, piece by piece: others come in between. */
async function compressed(asked: Asked): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await pipeline(textOf(asked), createGzip({ level: LEVEL }), async (zipped: AsyncIterable<Buffer>) => {
    for await (const piece of zipped) pieces.push(piece);
  });
  return Buffer.concat(pieces);
}

/** What everybody's page asks for when it starts, up to 20 MB: written once for whoever may choose from the same, and kept compressed. */
export function createObjectInfo(): (asked: Asked) => Promise<Kept> {
  const kept = new Map<string, Promise<Kept>>();
  const inTurn = oneAtATime();

  async function make(etag: string, asked: Asked): Promise<Kept> {
    return { etag, zipped: await compressed(asked) };
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
