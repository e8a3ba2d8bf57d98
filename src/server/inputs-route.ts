import type { IncomingMessage } from 'node:http';
import { Busboy } from '@fastify/busboy';
import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/user.ts';
import type { InputShare, InputStore } from '#src/ports/inputs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { addInput } from '#src/services/inputs/add-input.ts';

/** For so long nothing may arrive before an upload is given up: a laptop that sleeps never says so. */
const STALLED_MS = 120_000;

type Upload = { name: string; arriving: AsyncIterable<Uint8Array> };

const cut = (cause?: unknown): AppError =>
  new AppError('invalid_input', 'The upload was interrupted. Send the file again.', { cause });

async function* whileItArrives(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw cut(error);
  }
}

/** Hands the form's `file` to `take` while it arrives, and gives what came of it when the form has ended well. */
function receive<T>(request: IncomingMessage, take: (upload: Upload) => Promise<T>): Promise<T> {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*;.*boundary="?[^";\s]/i.test(contentType))
    throw new AppError('invalid_input', 'Send the file as multipart/form-data, in a field named "file".');
  return new Promise((resolve, reject) => {
    const form = new Busboy({
      headers: { ...request.headers, 'content-type': contentType },
      preservePath: true,
      limits: { parts: 20, fieldSize: 10_000, headerPairs: 50 },
    });
    let result: Promise<T> | null = null;
    let giveUp: (error: AppError) => void = () => undefined;

    /** What still comes is read and dropped: otherwise the sender would not look at the answer. */
    const fail = (error: unknown): void => {
      request.unpipe(form);
      request.resume();
      reject(error);
    };
    const stop = (error: AppError): void => {
      giveUp(error);
      if (result) result.then(() => fail(error), fail);
      else fail(error);
    };
    form.on('file', (field, stream, name) => {
      // An error reaches whoever reads the stream; nobody may be reading any more.
      stream.on('error', () => undefined);
      if (field !== 'file' || result !== null) {
        stream.resume();
        return;
      }
      giveUp = (error) => stream.destroy(error);
      result = take({ name: name || 'file', arriving: whileItArrives(stream) });
      result.catch(fail);
    });
    form.on('error', (error: unknown) => stop(cut(error)));
    form.on('finish', () => {
      if (result) result.then(resolve, fail);
      else fail(new AppError('invalid_input', 'This form contains no file. Send it in a field named "file".'));
    });
    request.on('close', () => {
      if (!request.complete) stop(cut());
    });
    request.setTimeout(STALLED_MS);
    request.pipe(form);
  });
}

/** `POST /api/inputs`: one file in, the name by which a graph calls it out. */
export function createInputsRoute(deps: {
  inputs: InputStore;
  inputShare: InputShare;
  settings: SettingStore;
  clock: Clock;
  random: Random;
}) {
  return async (request: IncomingMessage, actor: Actor | null): Promise<{ name: string }> => {
    if (!actor) throw new AppError('not_signed_in', 'Please sign in.');
    const { name } = await receive(request, (upload) => addInput(deps, actor, upload));
    return { name };
  };
}
