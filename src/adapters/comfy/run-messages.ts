import { z } from 'zod';
import type { RunMessage } from '#src/ports/worker.ts';
import { failed } from './run-answers.ts';

const MAX_ID_LENGTH = 200;
const MAX_CACHED = 5000;
const MAX_METADATA_BYTES = 16 * 1024;
const PREVIEW_WITH_METADATA = 4;

const id = z.coerce.string().max(MAX_ID_LENGTH);
const of = <Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
  z.object({ type: z.literal(type), data: z.object({ prompt_id: id, ...data }) });
const message = z.discriminatedUnion('type', [
  of('execution_start', {}),
  of('execution_cached', { nodes: z.array(id).max(MAX_CACHED) }),
  of('executing', { node: id.nullable(), display_node: id.nullish() }),
  of('progress', { node: id, value: z.number().nonnegative(), max: z.number().positive() }),
  of('execution_success', {}),
  of('execution_interrupted', {}),
  z.object({ type: z.literal('execution_error'), data: z.looseObject({ prompt_id: id }) }),
]);
const metadata = z.object({
  prompt_id: id,
  node_id: id,
  display_node_id: id.nullish(),
  image_type: z.enum(['image/jpeg', 'image/png']),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text frame of ComfyUI's WebSocket; null for what tells nothing of a run. */
export function readRunMessage(text: string): RunMessage | null {
  const known = message.safeParse(jsonOf(text)).data;
  if (!known) return null;
  const promptId = known.data.prompt_id;
  switch (known.type) {
    case 'execution_start':
      return { type: 'started', promptId };
    case 'execution_cached':
      return { type: 'cached', promptId, nodeIds: known.data.nodes };
    case 'executing': {
      // A node that is expanded while it runs is named by those that it was expanded into.
      const nodeId = known.data.display_node ?? known.data.node;
      return nodeId === null ? null : { type: 'node', promptId, nodeId };
    }
    case 'progress':
      return { type: 'step', promptId, nodeId: known.data.node, value: known.data.value, max: known.data.max };
    case 'execution_success':
      return { type: 'ended', promptId, end: { type: 'success', texts: [] } };
    case 'execution_interrupted':
      return { type: 'ended', promptId, end: { type: 'interrupted' } };
    case 'execution_error': {
      const end = failed(known.data);
      return end && { type: 'ended', promptId, end };
    }
  }
}

/** A binary frame: a preview picture that names its prompt. Others cannot be told apart, and are left out. */
export function readPreview(frame: Buffer): RunMessage | null {
  if (frame.length < 8 || frame.readUInt32BE(0) !== PREVIEW_WITH_METADATA) return null;
  const length = frame.readUInt32BE(4);
  if (length > MAX_METADATA_BYTES || 8 + length >= frame.length) return null;
  const known = metadata.safeParse(jsonOf(frame.toString('utf8', 8, 8 + length))).data;
  if (!known) return null;
  return {
    type: 'preview',
    promptId: known.prompt_id,
    nodeId: known.display_node_id ?? known.node_id,
    picture: { mime: known.image_type, bytes: new Uint8Array(frame.subarray(8 + length)) },
  };
}
