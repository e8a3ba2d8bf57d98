import { z } from 'zod';
import { u64le } from '../reading/bytes.ts';
import { broken, type FormatRule, growing, unproven, whole } from '../reading/verdict.ts';
import type { Window } from '../reading/window.ts';

const TYPE = { kind: 'model', mime: 'application/octet-stream' } as const;
const MAX_HEADER = 100_000_000;
const MAX_PARSED = 16 * 1024 * 1024;
const header = z.record(z.string(), z.unknown());
const tensor = z.object({ data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]) });

/** No signature: a plausible header length and the opening brace of the header. */
export const looksLikeSafetensors = (head: Uint8Array): boolean =>
  head.length >= 9 && u64le(head, 0) >= 2 && u64le(head, 0) <= MAX_HEADER && head[8] === 0x7b;

export function* safetensorsRule(file: Window): FormatRule {
  const length = u64le(yield* file.at(0, 8), 0);
  if (file.size < 8 + length) return growing('the safetensors header is not complete');
  if (length > MAX_PARSED) return unproven(TYPE);
  const tensors = parseHeader(yield* file.all(8, length));
  if (!tensors) return broken('the safetensors header cannot be read');
  let dataLength = 0;
  for (const [name, value] of Object.entries(tensors)) {
    if (name === '__metadata__') continue;
    const parsed = tensor.safeParse(value);
    if (!parsed.success) return broken(`the safetensors header does not say where the tensor "${name}" lies`);
    dataLength = Math.max(dataLength, parsed.data.data_offsets[1]);
  }
  const end = 8 + length + dataLength;
  if (file.size < end) return growing(`${file.size} of ${end} bytes are there`);
  return file.size === end ? whole(TYPE) : broken('the safetensors file is longer than its header says');
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    return header.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}
