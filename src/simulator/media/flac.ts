import { createHash } from 'node:crypto';
import type { Audio } from '../nodes/values.ts';
import type { TextEntry } from './png.ts';
import { tagsOf } from './tags.ts';

const blockSize = 4096;

function crc(bytes: Uint8Array, width: 8 | 16, polynomial: number): number {
  const top = 1 << (width - 1);
  const mask = width === 8 ? 0xff : 0xffff;
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) value = value & top ? ((value << 1) ^ polynomial) & mask : (value << 1) & mask;
  }
  return value;
}

/** Frame numbers are written as UTF-8 writes code points. */
const frameNumber = (value: number): Buffer =>
  Buffer.from(String.fromCodePoint(value >= 0xd800 ? value + 0x800 : value));

const toInt16 = (sample: number): number => Math.max(-32768, Math.min(32767, Math.round(sample * 32767)));

/** Samples as they are, or one value where a whole block has no other. */
function subframe(samples: Int16Array): Buffer {
  const constant = samples.every((sample) => sample === samples[0]);
  const kept = constant ? samples.subarray(0, 1) : samples;
  const bytes = Buffer.alloc(1 + kept.length * 2);
  bytes[0] = constant ? 0 : 2;
  for (const [index, sample] of kept.entries()) bytes.writeInt16BE(sample, 1 + index * 2);
  return bytes;
}

/** Rates too high for 16 bits have codes of their own. */
const highRates: { [rate: number]: number } = { 88200: 1, 176400: 2, 192000: 3, 96000: 11 };

/** The sample rate is repeated in each frame if it fits: without it players do not know the duration of the last one. */
function frame(channels: readonly Int16Array[], number: number, sampleRate: number): Buffer {
  const size = channels[0]?.length ?? 0;
  const repeated = sampleRate <= 0xffff;
  const head = Buffer.concat([
    Buffer.from([
      0xff,
      0xf8,
      repeated ? 0x7d : 0x70 | (highRates[sampleRate] ?? 0),
      ((channels.length - 1) << 4) | 0x08,
    ]),
    frameNumber(number),
    Buffer.from([(size - 1) >> 8, (size - 1) & 255]),
    Buffer.from(repeated ? [sampleRate >> 8, sampleRate & 255] : []),
  ]);
  const body = Buffer.concat([head, Buffer.from([crc(head, 8, 0x07)]), ...channels.map(subframe)]);
  const tail = Buffer.alloc(2);
  tail.writeUInt16BE(crc(body, 16, 0x8005));
  return Buffer.concat([body, tail]);
}

function streamInfo(audio: Audio, md5: Buffer): Buffer {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(blockSize, 0);
  info.writeUInt16BE(blockSize, 2);
  const packed =
    (BigInt(audio.sampleRate) << 44n) |
    (BigInt(audio.channels.length - 1) << 41n) |
    (15n << 36n) |
    BigInt(audio.length);
  info.writeBigUInt64BE(packed, 10);
  md5.copy(info, 18);
  return info;
}

const metadataBlock = (type: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  head[0] = type;
  return Buffer.concat([head, data]);
};

type FlacPacket = { bytes: Buffer; at: number; seconds: number; decoderConfig: AudioDecoderConfig };

/** The sound in packets, for a file of any kind. */
export function* flacPackets(audio: Audio): Generator<FlacPacket> {
  const { sampleRate, length } = audio;
  const channels = audio.channels.map((samples) => Int16Array.from(samples, toInt16));
  const interleaved = Buffer.alloc(length * channels.length * 2);
  for (const [channel, samples] of channels.entries()) {
    for (const [index, sample] of samples.entries())
      interleaved.writeInt16LE(sample, (index * channels.length + channel) * 2);
  }
  const info = streamInfo(audio, createHash('md5').update(interleaved).digest());
  const description = Buffer.concat([Buffer.from('fLaC'), metadataBlock(0x80, info)]);
  const decoderConfig = { codec: 'flac', numberOfChannels: channels.length, sampleRate, description };
  for (let from = 0; from < length; from += blockSize) {
    const block = channels.map((samples) => samples.subarray(from, from + blockSize));
    const bytes = frame(block, from / blockSize, sampleRate);
    const seconds = Math.min(blockSize, length - from) / sampleRate;
    yield { bytes, at: from / sampleRate, seconds, decoderConfig };
  }
}

/** A whole FLAC file with its Vorbis comments. */
export async function flacFile(audio: Audio, entries: readonly TextEntry[]): Promise<Buffer> {
  const { BufferTarget, EncodedAudioPacketSource, EncodedPacket, FlacOutputFormat, Output } = await import(
    'mediabunny'
  );
  const target = new BufferTarget();
  const output = new Output({ format: new FlacOutputFormat(), target });
  const source = new EncodedAudioPacketSource('flac');
  output.addAudioTrack(source);
  output.setMetadataTags(tagsOf(entries));
  await output.start();
  for (const { bytes, at, seconds, decoderConfig } of flacPackets(audio))
    await source.add(new EncodedPacket(bytes, 'key', at, seconds), { decoderConfig });
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer());
}
