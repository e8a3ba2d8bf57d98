import { type FileHandle, open } from 'node:fs/promises';
import { CLEANERS } from '#src/domain/cleaning/clean.ts';
import { mediaTypeOf, rewrittenTypeOf } from '#src/domain/files/derived.ts';
import { Window } from '#src/domain/formats/reading/window.ts';
import { answer } from './answer.ts';
import { copyWithoutTags } from './films.ts';

const PIECE = 1024 * 1024;

/** Writes the file once more without what it says about its making; `false` when that cannot be done safely. */
export async function makeClean(file: string, mime: string, target: string, signal: AbortSignal): Promise<boolean> {
  const rewritten = rewrittenTypeOf(mime);
  if (rewritten === null) {
    const type = mediaTypeOf(mime);
    if (type) await copyWithoutTags({ file, type }, target, signal);
    return type !== null;
  }
  const from = await open(file);
  try {
    const pieces = await answer(from, CLEANERS[rewritten](new Window((await from.stat()).size)));
    if (!pieces) return false;
    const to = await open(target, 'w', 0o644);
    try {
      for (const piece of pieces) {
        if ('from' in piece) await copyPart(from, piece, to, signal);
        else await to.writeFile(piece);
      }
    } finally {
      await to.close();
    }
    return true;
  } finally {
    await from.close();
  }
}

async function copyPart(
  from: FileHandle,
  part: { readonly from: number; readonly to: number },
  to: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  const piece = Buffer.allocUnsafe(Math.min(PIECE, part.to - part.from));
  for (let at = part.from; at < part.to; ) {
    signal.throwIfAborted();
    const { bytesRead } = await from.read(piece, 0, Math.min(piece.length, part.to - at), at);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    await to.writeFile(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
}
