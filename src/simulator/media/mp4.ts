import type { StreamTargetChunk } from 'mediabunny';
import type { Video } from '../nodes/values.ts';
import type { Piece } from '../nodes/write-file.ts';
import { flacPackets } from './flac.ts';
import { encodeFrames, parameterSets } from './h264.ts';
import type { TextEntry } from './png.ts';
import { tagsOf } from './tags.ts';

const flushBytes = 262144;
const ftypBytes = 28;
const headBytes = ftypBytes + 16;

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

function decoderConfig(width: number, height: number) {
  const { sps, pps } = parameterSets(width, height);
  const description = Buffer.concat([
    Buffer.from([1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1]),
    u16(sps.length),
    sps,
    Buffer.from([1]),
    u16(pps.length),
    pps,
  ]);
  return { codec: `avc1.${sps.toString('hex', 1, 4)}`, codedWidth: width, codedHeight: height, description };
}

async function writeFilm(
  { images, fps, audio }: Video,
  entries: readonly TextEntry[],
  afterFrame: () => Promise<void>,
  writable: WritableStream<StreamTargetChunk>,
): Promise<void> {
  // Loaded on first use: a replica starts faster without it.
  const media = await import('mediabunny');
  const output = new media.Output({
    format: new media.Mp4OutputFormat({ fastStart: false, metadataFormat: 'mdta' }),
    target: new media.StreamTarget(writable),
  });
  const video = new media.EncodedVideoPacketSource('avc');
  output.addVideoTrack(video, { frameRate: fps });
  const sound = audio && audio.length > 0 ? { source: new media.EncodedAudioPacketSource('flac'), audio } : null;
  if (sound) output.addAudioTrack(sound.source);
  output.setMetadataTags(tagsOf(entries));
  try {
    await output.start();
    if (sound)
      for (const { bytes, at, seconds, decoderConfig } of flacPackets(sound.audio))
        await sound.source.add(new media.EncodedPacket(bytes, 'key', at, seconds), { decoderConfig });
    const config = decoderConfig(images.width, images.height);
    let number = 0;
    for (const frame of encodeFrames(images)) {
      const bytes = Buffer.concat([u32(frame.length), frame]);
      const packet = new media.EncodedPacket(bytes, number === 0 ? 'key' : 'delta', number / fps, 1 / fps);
      await video.add(packet, { decoderConfig: config });
      number += 1;
      await afterFrame();
    }
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  }
}

/**
 * An MP4 in the pieces in which it reaches the disk, as FFmpeg writes it: a head with room for a long size (`free`) and
 * data of unknown length, the data in blocks of 256 KB, then its size in place, and what makes it playable (`moov`) last.
 */
export async function* mp4Pieces(
  video: Video,
  entries: readonly TextEntry[],
  afterFrame: () => Promise<void>,
): AsyncGenerator<Piece> {
  const { readable, writable } = new TransformStream<StreamTargetChunk, StreamTargetChunk>();
  const written = writeFilm(video, entries, afterFrame, writable);
  written.catch(() => undefined);
  let rest = Buffer.alloc(0);
  for await (const { data, position } of readable) {
    const bytes = Buffer.from(data);
    if (position === 0) {
      // The library writes one 16 byte head for the data in which FFmpeg has two boxes of 8.
      yield Buffer.concat([bytes.subarray(0, ftypBytes), u32(8), Buffer.from('free'), u32(0), Buffer.from('mdat')]);
      rest = bytes.subarray(headBytes);
    } else if (position === ftypBytes) {
      yield rest;
      rest = Buffer.alloc(0);
      yield { at: headBytes - 8, bytes: u32(bytes.readUInt32BE() - 8) };
    } else {
      rest = Buffer.concat([rest, bytes]);
      for (; rest.length >= flushBytes; rest = rest.subarray(flushBytes)) yield rest.subarray(0, flushBytes);
    }
  }
  yield rest;
  await written;
}
