import { end, fileAt, header, record, recordLength, type ZipLayout } from '#src/domain/files/zip.ts';

export type ZipSource = {
  /** CRC-32 of the file with this number. */
  crc(index: number): Promise<number>;
  /** Exactly these bytes of it, or an error. */
  read(index: number, from: number, to: number): AsyncIterable<Uint8Array>;
};

/**
 * The bytes `from` to `to` (exclusive) of an archive, always the same ones. A file's CRC stands in front of it, so that every program can read the
 * archive while it arrives; the price is that the file is read once for its CRC before it is sent (from the disk's cache the second time). A CRC behind the
 * file would spare that, but not every program reads stored files that way.
 */
export async function* zipRange(
  layout: ZipLayout,
  source: ZipSource,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  const cut = (bytes: Uint8Array, at: number): Uint8Array =>
    bytes.subarray(Math.max(0, from - at), Math.max(0, Math.min(bytes.length, to - at)));
  const isWanted = (at: number, endsAt: number): boolean => at < to && endsAt > from;

  for (let index = fileAt(layout, from); index < layout.files.length; index += 1) {
    const file = layout.files[index];
    if (!file || file.at >= to) break;
    if (isWanted(file.at, file.dataAt)) yield cut(header(file, await source.crc(index)), file.at);
    // While this one goes out, the next one's is worked out; who asks for it later hears of the error.
    const next = layout.files[index + 1];
    if (next && next.at < to) source.crc(index + 1).catch(() => undefined);
    const dataEnd = file.dataAt + file.bytes;
    if (isWanted(file.dataAt, dataEnd))
      yield* source.read(index, Math.max(0, from - file.dataAt), Math.min(dataEnd, to) - file.dataAt);
  }
  let at = layout.directoryAt;
  for (const [index, file] of layout.files.entries()) {
    if (at >= to) return;
    const length = recordLength(file);
    if (isWanted(at, at + length)) yield cut(record(file, await source.crc(index)), at);
    at += length;
  }
  if (isWanted(layout.endAt, layout.bytes)) yield cut(end(layout), layout.endAt);
}
