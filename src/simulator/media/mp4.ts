import type { Video } from '../nodes/values.ts';
import type { Piece } from '../nodes/write-file.ts';
import { encodeFlac } from './flac.ts';
import { encodeFrames, parameterSets } from './h264.ts';
import type { TextEntry } from './png.ts';

const flushBytes = 262144;
const headBytes = 48;

const u16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
};
const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
};

function box(type: string, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}
const fullBox = (type: string, flags: number, ...parts: Uint8Array[]): Buffer => box(type, u32(flags), ...parts);

type Track = {
  id: number;
  kind: 'vide' | 'soun';
  timescale: number;
  /** Duration of each sample, in the track's own time. */
  durations: number[];
  sizes: number[];
  offset: number;
  width: number;
  height: number;
  entry: Buffer;
};

const matrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const movieTime = 1000;

function runs(durations: readonly number[]): Buffer {
  const found: { count: number; duration: number }[] = [];
  for (const duration of durations) {
    const last = found.at(-1);
    if (last?.duration === duration) last.count += 1;
    else found.push({ count: 1, duration });
  }
  return Buffer.concat([u32(found.length), ...found.map(({ count, duration }) => u32(count, duration))]);
}

function trackBox(track: Track): Buffer {
  const length = track.durations.reduce((sum, duration) => sum + duration, 0);
  const seconds = length / track.timescale;
  const isVideo = track.kind === 'vide';
  const table = box(
    'stbl',
    fullBox('stsd', 0, u32(1), track.entry),
    fullBox('stts', 0, runs(track.durations)),
    ...(isVideo ? [fullBox('stss', 0, u32(1, 1))] : []),
    fullBox('stsc', 0, u32(1, 1, track.sizes.length, 1)),
    fullBox('stsz', 0, u32(0, track.sizes.length, ...track.sizes)),
    fullBox('stco', 0, u32(1, track.offset)),
  );
  const media = box(
    'mdia',
    fullBox('mdhd', 0, u32(0, 0, track.timescale, length), u16(0x55c4, 0)),
    fullBox(
      'hdlr',
      0,
      u32(0),
      Buffer.from(track.kind),
      u32(0, 0, 0),
      Buffer.from(isVideo ? 'VideoHandler\0' : 'SoundHandler\0'),
    ),
    box(
      'minf',
      isVideo ? fullBox('vmhd', 1, u16(0, 0, 0, 0)) : fullBox('smhd', 0, u16(0, 0)),
      box('dinf', fullBox('dref', 0, u32(1), fullBox('url ', 1))),
      table,
    ),
  );
  const header = fullBox(
    'tkhd',
    3,
    u32(0, 0, track.id, 0, Math.round(seconds * movieTime), 0, 0),
    u16(0, 0, isVideo ? 0 : 0x100, 0),
    matrix,
    u32(track.width << 16, track.height << 16),
  );
  return box('trak', header, media);
}

function videoEntry(width: number, height: number): Buffer {
  const { sps, pps } = parameterSets(width, height);
  const config = Buffer.concat([
    Buffer.from([1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1]),
    u16(sps.length),
    sps,
    Buffer.from([1]),
    u16(pps.length),
    pps,
  ]);
  return box(
    'avc1',
    u16(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    box('avcC', config),
  );
}

function audioEntry(channels: number, sampleRate: number, info: Buffer): Buffer {
  const config = fullBox('dfLa', 0, Buffer.from([0x80, 0, 0, info.length]), info);
  return box('fLaC', u16(0, 0, 0, 1, 0, 0, 0, 0, channels, 16, 0, 0, sampleRate & 0xffff, 0), config);
}

/** Tags as "keys": each name once, its value under the name's number. */
function tagBoxes(entries: readonly TextEntry[]): Buffer {
  const keys = entries.map(({ key }) => box('mdta', Buffer.from(key)));
  const values = entries.map(({ text }, index) => {
    const data = box('data', u32(1, 0), Buffer.from(text));
    return Buffer.concat([u32(data.length + 8, index + 1), data]);
  });
  const handler = fullBox('hdlr', 0, u32(0), Buffer.from('mdta'), u32(0, 0, 0), Buffer.from('\0'));
  return box(
    'udta',
    fullBox('meta', 0, handler, fullBox('keys', 0, u32(entries.length), ...keys), box('ilst', ...values)),
  );
}

function movieBox(tracks: readonly Track[], entries: readonly TextEntry[]): Buffer {
  const seconds = Math.max(
    ...tracks.map(({ durations, timescale }) => durations.reduce((sum, next) => sum + next, 0) / timescale),
  );
  const header = fullBox(
    'mvhd',
    0,
    u32(0, 0, movieTime, Math.round(seconds * movieTime), 0x10000),
    u16(0x100, 0),
    u32(0, 0),
    matrix,
    u32(0, 0, 0, 0, 0, 0, tracks.length + 1),
  );
  return box('moov', header, ...tracks.map(trackBox), ...(entries.length > 0 ? [tagBoxes(entries)] : []));
}

/**
 * An MP4 in the pieces in which it reaches the disk: 48 bytes of head, data in blocks of 256 KB, then the size of the
 * data in its place, and what makes it playable (`moov`) last.
 */
export async function* mp4Pieces(
  video: Video,
  entries: readonly TextEntry[],
  afterFrame: () => Promise<void>,
): AsyncGenerator<Piece> {
  const { images, fps, audio } = video;
  yield Buffer.concat([
    box('ftyp', Buffer.from('isom'), u32(0x200), Buffer.from('isomiso2avc1mp41')),
    box('free'),
    u32(0),
    Buffer.from('mdat'),
  ]);
  const sizes: number[] = [];
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let dataBytes = 0;
  for (const frame of encodeFrames(images)) {
    waiting.push(u32(frame.length), frame);
    sizes.push(frame.length + 4);
    waitingBytes += frame.length + 4;
    dataBytes += frame.length + 4;
    await afterFrame();
    if (waitingBytes < flushBytes) continue;
    let rest = Buffer.concat(waiting);
    for (; rest.length >= flushBytes; rest = rest.subarray(flushBytes)) yield rest.subarray(0, flushBytes);
    waiting = [rest];
    waitingBytes = rest.length;
  }
  const timescale = Math.round(fps * 1000);
  const { width, height } = images;
  const durations = sizes.map(() => 1000);
  const tracks: Track[] = [
    {
      id: 1,
      kind: 'vide',
      timescale,
      durations,
      sizes,
      offset: headBytes,
      width,
      height,
      entry: videoEntry(width, height),
    },
  ];
  if (audio && audio.length > 0) {
    const { info, frames, blockSizes } = encodeFlac(audio);
    tracks.push({
      id: 2,
      kind: 'soun',
      timescale: audio.sampleRate,
      durations: blockSizes,
      sizes: frames.map((frame) => frame.length),
      offset: headBytes + dataBytes,
      width: 0,
      height: 0,
      entry: audioEntry(audio.channels.length, audio.sampleRate, info),
    });
    waiting.push(...frames);
    dataBytes += frames.reduce((sum, frame) => sum + frame.length, 0);
  }
  yield Buffer.concat(waiting);
  yield { at: headBytes - 8, bytes: u32(dataBytes + 8) };
  yield movieBox(tracks, entries);
}
