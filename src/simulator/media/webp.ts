import sharp from 'sharp';
import type { ImageBatch } from '../nodes/values.ts';
import type { TextEntry } from './png.ts';

type Chunk = { type: string; data: Buffer };

function readChunks(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    chunks.push({ type: file.toString('latin1', at, at + 4), data: file.subarray(at + 8, at + 8 + size) });
    at += 8 + size + (size & 1);
  }
  return chunks;
}

function writeChunks(chunks: readonly Chunk[]): Buffer {
  const parts = chunks.map(({ type, data }) => {
    const head = Buffer.alloc(8);
    head.write(type, 0, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length & 1)]);
  });
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), size, body]);
}

/** `prompt` in tag 0x0110 and each further key in the tag before, as "key:value". */
function exif(entries: readonly TextEntry[]): Buffer {
  const tags = entries
    .map(({ key, text }, index) => ({ tag: 0x0110 - index, value: Buffer.from(`${key}:${text}\0`, 'latin1') }))
    .sort((a, b) => a.tag - b.tag);
  const head = Buffer.alloc(8 + 2 + tags.length * 12 + 4);
  head.write('MM\0*', 0, 'latin1');
  head.writeUInt32BE(8, 4);
  head.writeUInt16BE(tags.length, 8);
  let offset = head.length;
  for (const [index, { tag, value }] of tags.entries()) {
    const at = 10 + index * 12;
    head.writeUInt16BE(tag, at);
    head.writeUInt16BE(2, at + 2);
    head.writeUInt32BE(value.length, at + 4);
    if (value.length <= 4) value.copy(head, at + 8);
    else {
      head.writeUInt32BE(offset, at + 8);
      offset += value.length;
    }
  }
  return Buffer.concat([
    Buffer.from('Exif\0\0'),
    head,
    ...tags.flatMap(({ value }) => (value.length > 4 ? [value] : [])),
  ]);
}

const exifFlag = 8;

function extendedHeader(width: number, height: number): Chunk {
  const data = Buffer.alloc(10);
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return { type: 'VP8X', data };
}

export async function encodeWebp(
  images: ImageBatch,
  options: { fps: number; lossless: boolean; quality: number; effort: number },
  entries: readonly TextEntry[],
): Promise<Buffer> {
  const { width, height, channels, frames } = images;
  const delay = Math.max(1, Math.floor(1000 / options.fps));
  const plain = await sharp(Buffer.concat(frames), {
    raw: { width, height: height * frames.length, channels, pageHeight: height },
  })
    .webp({
      quality: options.quality,
      lossless: options.lossless,
      effort: options.effort,
      delay: frames.map(() => delay),
      loop: 0,
    })
    .toBuffer();
  if (entries.length === 0) return plain;
  const chunks = readChunks(plain);
  const header = chunks[0]?.type === 'VP8X' ? chunks[0] : extendedHeader(width, height);
  const data = Buffer.from(header.data);
  data[0] = (data[0] ?? 0) | exifFlag;
  const rest = chunks.filter(({ type }) => type !== 'VP8X' && type !== 'EXIF');
  return writeChunks([{ type: 'VP8X', data }, ...rest, { type: 'EXIF', data: exif(entries) }]);
}
