import { u16be, u16le, u32be, u32le } from '../formats/reading/bytes.ts';

const ORIENTATION = 0x0112;
const SHORT = 3;

/** 1 to 8; 1 = as stored, also where none is given. `exif` begins with its byte order, or with "Exif" and two zeros before that. */
export function orientationOf(exif: Uint8Array): number {
  const tiff = exif[0] === 0x45 ? exif.subarray(6) : exif;
  const isLittle = tiff[0] === 0x49;
  const u16 = isLittle ? u16le : u16be;
  const directory = (isLittle ? u32le : u32be)(tiff, 4);
  for (let index = 0; index < u16(tiff, directory); index++) {
    const entry = directory + 2 + index * 12;
    if (u16(tiff, entry) !== ORIENTATION || u16(tiff, entry + 2) !== SHORT) continue;
    const value = u16(tiff, entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Contains the orientation and nothing else: without it, a picture taken sideways would be shown sideways. */
export const exifOf = (orientation: number): Uint8Array =>
  Uint8Array.of(
    ...[0x49, 0x49, 42, 0, 8, 0, 0, 0],
    ...[1, 0],
    ...[0x12, 0x01, SHORT, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
    0,
    0,
    0,
    0,
  );
