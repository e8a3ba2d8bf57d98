import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Busboy } from '@fastify/busboy';
import { AppError } from '#src/domain/errors.ts';

/** Its end says what kind of file it is. */
const MAX_NAME_LENGTH = 500;
/** Of one person at a time: a browser sends no more either. */
const MAX_AT_ONCE = 6;

export type Arriving = {
  readonly name: string;
  readonly arriving: AsyncIterable<Uint8Array>;
  /** The form's other fields, once all of it is here. */
  readonly fields: Promise<ReadonlyMap<string, string>>;
};

const cut = (cause?: unknown): AppError =>
  new AppError('invalid_input', 'The upload was interrupted. Send the file again.', { cause });

async function* whileItArrives(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw cut(error);
  }
}

/** Its parser refuses a head that is longer than any browser's. */
function formOf(headers: IncomingHttpHeaders & { 'content-type': string }) {
  try {
    return new Busboy({ headers, preservePath: true, limits: { parts: 20, fieldSize: 10_000, headerPairs: 50 } });
  } catch (error) {
    throw new AppError('invalid_input', 'The headers of this form cannot be read. Send the file as browsers do.', {
      cause: error,
    });
  }
}

/** Hands the form's file of this field to `take` while it arrives, and gives what came of it when the form has ended well. */
function receive<T>(request: IncomingMessage, wanted: string, take: (file: Arriving) => Promise<T>): Promise<T> {
  // Nothing would be heard of it any more.
  if (request.destroyed) throw cut();
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*;.*boundary="?[^";\s]/i.test(contentType))
    throw new AppError('invalid_input', `Send the file as multipart/form-data, in a field named "${wanted}".`);
  const form = formOf({ ...request.headers, 'content-type': contentType });
  return new Promise((resolve, reject) => {
    let result: Promise<T> | null = null;
    let giveUp: (error: AppError) => void = () => undefined;
    const fields = new Map<string, string>();
    const ended = new AbortController();
    const whole = once(form, 'finish', { signal: ended.signal }).then(
      () => fields,
      () => {
        throw ended.signal.reason;
      },
    );
    // Nobody may be waiting for it.
    whole.catch(() => undefined);

    /** What still comes is read and dropped: otherwise the sender would not look at the answer. */
    const fail = (error: unknown): void => {
      request.unpipe(form);
      request.resume();
      reject(error);
    };
    const stop = (error: AppError): void => {
      ended.abort(error);
      giveUp(error);
      if (result) result.then(() => fail(error), fail);
      else fail(error);
    };
    form.on('field', (name, value) => fields.set(name, value));
    form.on('file', (field, stream, name) => {
      // An error reaches whoever reads the stream; nobody may be reading any more.
      stream.on('error', () => undefined);
      if (field !== wanted || result !== null) {
        stream.resume();
        return;
      }
      giveUp = (error) => stream.destroy(error);
      result = take({
        name: name.slice(-MAX_NAME_LENGTH) || 'file',
        arriving: whileItArrives(stream),
        fields: whole,
      });
      result.catch(fail);
    });
    form.on('error', (error: unknown) => stop(cut(error)));
    form.on('finish', () => {
      if (result) result.then(resolve, fail);
      else fail(new AppError('invalid_input', `This form contains no file. Send it in a field named "${wanted}".`));
    });
    request.on('close', () => {
      if (!request.complete) stop(cut());
    });
    request.pipe(form);
  });
}

/** Receives files in forms, some of one person at a time. */
export function createForms() {
  const arriving = new Map<string, number>();
  const count = (userId: string, change: 1 | -1): void => {
    const now = (arriving.get(userId) ?? 0) + change;
    if (now > 0) arriving.set(userId, now);
    else arriving.delete(userId);
  };
  return async <T>(
    request: IncomingMessage,
    userId: string,
    wanted: string,
    take: (file: Arriving) => Promise<T>,
  ): Promise<T> => {
    if ((arriving.get(userId) ?? 0) >= MAX_AT_ONCE)
      throw new AppError(
        'too_many_attempts',
        `${MAX_AT_ONCE} of your uploads are in progress. Try again when one has finished.`,
      );
    count(userId, 1);
    try {
      return await receive(request, wanted, take);
    } finally {
      count(userId, -1);
    }
  };
}
export type ReceiveForm = ReturnType<typeof createForms>;
