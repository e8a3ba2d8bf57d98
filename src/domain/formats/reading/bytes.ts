/** Number readers that never throw: bytes past the end count as 0, so a caller checks lengths once. 64-bit values lose precision above 2^53, where no file reaches. */
export const u16be = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
export const u24be = (bytes: Uint8Array, at: number): number => u16be(bytes, at) * 256 + (bytes[at + 2] ?? 0);
export const u32be = (bytes: Uint8Array, at: number): number => u16be(bytes, at) * 65536 + u16be(bytes, at + 2);
export const u64be = (bytes: Uint8Array, at: number): number => u32be(bytes, at) * 2 ** 32 + u32be(bytes, at + 4);
export const u16le = (bytes: Uint8Array, at: number): number => (bytes[at + 1] ?? 0) * 256 + (bytes[at] ?? 0);
export const u32le = (bytes: Uint8Array, at: number): number => u16le(bytes, at + 2) * 65536 + u16le(bytes, at);
export const u64le = (bytes: Uint8Array, at: number): number => u32le(bytes, at + 4) * 2 ** 32 + u32le(bytes, at);

/** Bytes as Latin-1 text, for four-letter codes and the like. */
export const latin1 = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/** A run of zeros is a hole: on a network file system the end of a file can arrive before its middle. */
export const isHole = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
