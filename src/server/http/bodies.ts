import type { IncomingMessage, ServerResponse } from 'node:http';
import PQueue from 'p-queue';
import { AppError } from '#src/domain/errors.ts';
import { fileSize } from '#src/domain/measures.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import type { JsonThreads } from './json-threads.ts';

/** Large bodies that wait until those before them are answered, of everybody and of one person. */
const MAX_WAITING = 100;
const MAX_EACH = 2;
const RETRY_SECONDS = 5;

const tooLarge = (most: number): AppError =>
  new AppError('too_large', `The request is too large, the limit is ${fileSize(most)}.`);
const tooMany = (): AppError =>
  new AppError('too_many_attempts', `Too many large requests at a time. Try again in ${RETRY_SECONDS} seconds.`, {
    retryAfterSeconds: RETRY_SECONDS,
  });

async function read(request: IncomingMessage, most: number, onLarge: () => void): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > most) throw tooLarge(most);
  const pieces: Buffer[] = [];
  let bytes = 0;
  if (declared > REQUEST.largeBytes) onLarge();
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    const before = bytes;
    bytes += piece.length;
    if (bytes > most) throw tooLarge(most);
    if (before <= REQUEST.largeBytes && bytes > REQUEST.largeBytes) onLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Reads what requests bring, within bounds. Large JSON is read aside and answered one after another, so that other requests come in between. */
export function createBodies(threads: JsonThreads) {
  const lane = new PQueue({ concurrency: 1 });
  const underWay = new Map<string, number>();

  /** Counts until the request is answered. */
  function count(who: string, response: ServerResponse): void {
    const before = underWay.get(who) ?? 0;
    if (before >= MAX_EACH) throw tooMany();
    underWay.set(who, before + 1);
    response.once('close', () => {
      const left = (underWay.get(who) ?? 1) - 1;
      if (left > 0) underWay.set(who, left);
      else underWay.delete(who);
    });
  }

  function turn(response: ServerResponse): Promise<void> {
    if (lane.size >= MAX_WAITING) throw tooMany();
    return new Promise((go) => {
      void lane.add(() => {
        go();
        return new Promise<void>((done) => {
          if (response.closed) done();
          else response.once('close', () => done());
        });
      });
    });
  }

  type Bounds = { most: number; who: string };

  async function bytes(request: IncomingMessage, response: ServerResponse, { most, who }: Bounds): Promise<Buffer> {
    let isCounted = false;
    return read(request, most, () => {
      if (!isCounted) count(who, response);
      isCounted = true;
    });
  }

  return {
    /** As it is, within the same bounds. */
    bytes,
    async json(request: IncomingMessage, response: ServerResponse, bounds: Bounds): Promise<unknown> {
      const body = await bytes(request, response, bounds);
      if (body.length === 0) return {};
      if (body.length <= REQUEST.asideBytes) return parseGraphJson(body.toString());
      await turn(response);
      return threads.parse(body);
    },
  };
}
export type ReadBody = ReturnType<typeof createBodies>['json'];
