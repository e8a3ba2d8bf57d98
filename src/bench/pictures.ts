import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import type { Render } from './gpu.ts';

const SIDE = 832;
const PIECES = 8;
const PIECE_MS = 12;
/** Signature and IHDR: text goes behind them. */
const HEAD = 33;

const noise = (side: number): Promise<Buffer> =>
  sharp({
    create: {
      width: side,
      height: side,
      channels: 3,
      background: 'grey',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  })
    .png({ compressionLevel: 1 })
    .toBuffer();

function textChunk(key: string, text: string): Buffer {
  const body = Buffer.from(`tEXt${key}\0${text}`, 'latin1');
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** Writes what a worker would: the same names, the same metadata, and a picture that grows under its final name. */
export async function createPainter(outputsDir: string) {
  const picture = await noise(SIDE);
  const dot = await noise(1);
  const place = async (prefix: string): Promise<string> => {
    const path = join(outputsDir, `${prefix}_00001_.png`);
    await mkdir(dirname(path), { recursive: true });
    return path;
  };

  async function paint(prefix: string, { jobId, prompt }: Render): Promise<void> {
    const text = Buffer.concat([textChunk('prompt', prompt), textChunk('comfyume_job', JSON.stringify(jobId))]);
    const bytes = Buffer.concat([picture.subarray(0, HEAD), text, picture.subarray(HEAD)]);
    const file = await open(await place(prefix), 'w');
    const length = Math.ceil(bytes.length / PIECES);
    for (let at = 0; at < bytes.length; at += length) {
      if (at > 0) await sleep(PIECE_MS);
      await file.write(bytes.subarray(at, at + length));
    }
    await file.close();
  }

  return {
    bytes: picture.length,
    begin: async (render: Render): Promise<void> => writeFile(await place(render.started), dot),
    /** Tells when the last byte of the last picture was written; the finish markers follow. */
    async finish(render: Render): Promise<number> {
      for (const prefix of render.outputs) await paint(prefix, render);
      const whole = performance.now();
      for (const prefix of render.finished) await writeFile(await place(prefix), dot);
      return whole;
    },
  };
}
