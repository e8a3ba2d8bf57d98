import { z } from 'zod';
import { latin1, u32le } from '../formats/reading/bytes.ts';
import type { Window } from '../formats/reading/window.ts';
import { bytesOf, type Cleaning, MAX_TEXT, u32leBytes } from './piece.ts';

const scene = z.looseObject({ asset: z.looseObject({}) });
const FIRST_BODY = 20;

/** Without the `extras` of its asset, where workers write prompt and workflow. */
export function* cleanGlb(file: Window): Cleaning {
  const head = yield* file.at(0, FIRST_BODY);
  const length = u32le(head, 12);
  const rest = FIRST_BODY + length;
  if (latin1(head, 0, 4) !== 'glTF' || latin1(head, 16, 4) !== 'JSON' || length > MAX_TEXT || rest > file.size)
    return null;
  const parsed = scene.safeParse(jsonOf(yield* file.all(FIRST_BODY, length)));
  if (!parsed.success) return null;
  const { extras: _, ...asset } = parsed.data.asset;
  const json = new TextEncoder().encode(JSON.stringify({ ...parsed.data, asset }));
  const filled = new Uint8Array(Math.ceil(json.length / 4) * 4).fill(0x20);
  filled.set(json);
  const total = FIRST_BODY + filled.length + file.size - rest;
  const start = bytesOf(head.subarray(0, 8), u32leBytes(total), u32leBytes(filled.length), 'JSON');
  return [start, filled, { from: rest, to: file.size }];
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
