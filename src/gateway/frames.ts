import type { Preview } from '#src/ports/live-runs.ts';

/** ComfyUI's binary frames: what it is and, of a picture, its format, as numbers of four bytes each. */
const PICTURE = 1;
const PICTURE_WITH_METADATA = 4;
const FORMATS: Readonly<Record<string, number>> = { 'image/jpeg': 1, 'image/png': 2 };

function frame(event: number, second: number, ...parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(event, 0);
  head.writeUInt32BE(second, 4);
  return Buffer.concat([head, ...parts]);
}

export const pictureFrame = (mime: string, bytes: Uint8Array): Buffer => frame(PICTURE, FORMATS[mime] ?? 1, bytes);

/** A preview, as the socket has asked for them. */
export function previewFrame(promptId: string, { nodeId, mime, bytes }: Preview, withMetadata: boolean): Buffer {
  if (!withMetadata) return pictureFrame(mime, bytes);
  const metadata = Buffer.from(
    JSON.stringify({
      node_id: nodeId,
      prompt_id: promptId,
      display_node_id: nodeId,
      parent_node_id: null,
      real_node_id: nodeId,
      image_type: mime,
    }),
  );
  return frame(PICTURE_WITH_METADATA, metadata.length, metadata, bytes);
}
