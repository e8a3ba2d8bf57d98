import { isHole, latin1 } from './bytes.ts';
import { ebmlRule } from './ebml.ts';
import { flacRule } from './flac.ts';
import { gifRule } from './gif.ts';
import { glbRule } from './glb.ts';
import { isobmffRule, looksLikeIsobmff } from './isobmff.ts';
import { jpegRule } from './jpeg.ts';
import { looksLikeMp3, mp3Rule } from './mp3.ts';
import { oggRule } from './ogg.ts';
import { PNG_SIGNATURE, pngRule } from './png.ts';
import { riffRule } from './riff.ts';
import { looksLikeSafetensors, safetensorsRule } from './safetensors.ts';
import { jsonRule, markupRule } from './text.ts';
import { tiffRule } from './tiff.ts';
import { broken, type FileType, type FormatRule, growing, unproven } from './verdict.ts';
import { Window } from './window.ts';
import { zipRule } from './zip.ts';

/** Longest of all signatures, with room to spare: a shorter file may yet become anything. */
const HEAD = 16;
const OTHER: FileType = { kind: 'other', mime: 'application/octet-stream' };

type Recognised = (file: Window) => FormatRule;

const SIGNATURES: readonly (readonly [signature: string, rule: Recognised])[] = [
  [PNG_SIGNATURE, pngRule],
  ['RIFF', riffRule],
  ['RF64', riffRule],
  ['BW64', riffRule],
  ['\xff\xd8\xff', jpegRule],
  ['GIF87a', gifRule],
  ['GIF89a', gifRule],
  ['\x1a\x45\xdf\xa3', ebmlRule],
  ['fLaC', flacRule],
  ['ID3', mp3Rule],
  ['OggS', oggRule],
  ['glTF', glbRule],
  ['PK\x03\x04', zipRule],
  ['PK\x05\x06', zipRule],
  ['II*\0', tiffRule],
  ['MM\0*', tiffRule],
  ['II+\0', tiffRule],
  ['MM\0+', tiffRule],
  ['\x76\x2f\x31\x01', noProof({ kind: 'image', mime: 'image/x-exr' })],
];

/** Extensions whose content has a signature: without one, the content is not what the name says. */
const SIGNED = new Set(
  `png apng webp jpg jpeg gif mp4 m4v m4a mov webm mkv mka flac mp3 ogg oga ogv opus wav avi
   safetensors latent glb avif heic heif exr tif tiff zip`.split(/\s+/),
);

/** Formats without a signature; only the name can tell. */
const UNSIGNED: Readonly<Record<string, FileType>> = {
  txt: { kind: 'other', mime: 'text/plain' },
  log: { kind: 'other', mime: 'text/plain' },
  md: { kind: 'other', mime: 'text/markdown' },
  csv: { kind: 'other', mime: 'text/csv' },
  srt: { kind: 'other', mime: 'application/x-subrip' },
  vtt: { kind: 'other', mime: 'text/vtt' },
  json: { kind: 'other', mime: 'application/json' },
  bmp: { kind: 'image', mime: 'image/bmp' },
  aac: { kind: 'audio', mime: 'audio/aac' },
  gltf: { kind: 'model', mime: 'model/gltf+json' },
  obj: { kind: 'model', mime: 'model/obj' },
  stl: { kind: 'model', mime: 'model/stl' },
  ply: { kind: 'model', mime: 'application/octet-stream' },
};

/** What kind of file this is, by its content, and whether it is all there. `bytes` is its size at the time of asking. */
export function* formatRule(name: string, bytes: number): FormatRule {
  if (bytes <= 0) return growing('the file is still empty');
  const file = new Window(bytes);
  const head = yield* file.at(0, HEAD);
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const rule = recognise(head, extension);
  if (rule) return yield* rule(file);

  const named = UNSIGNED[extension];
  if (extension === 'json' || extension === 'gltf') return yield* jsonRule(file, named ?? OTHER);
  const startsWithTag = /^(\xef\xbb\xbf)?\s*</.test(latin1(head, 0, HEAD));
  if (startsWithTag && (!named || extension === 'svg')) return yield* markupRule(file, OTHER);
  if (named) return unproven(named);
  if (extension === 'svg') {
    return head.length < HEAD || isHole(head) ? growing('the SVG has not begun') : broken('this is no SVG');
  }
  if (!SIGNED.has(extension)) return unproven(OTHER);
  if (head.length < HEAD || isHole(head)) return growing('the file has hardly begun');
  return broken(`the content is not what a .${extension} file holds`);
}

function recognise(head: Uint8Array, extension: string): Recognised | null {
  const text = latin1(head, 0, HEAD);
  const signed = SIGNATURES.find(([signature]) => text.startsWith(signature));
  if (signed) return signed[1];
  if (looksLikeIsobmff(head)) return isobmffRule;
  if (looksLikeSafetensors(head)) return safetensorsRule;
  // Two bytes of 0xFF are not much of a signature.
  return extension === 'mp3' && looksLikeMp3(head) ? mp3Rule : null;
}

function noProof(type: FileType): Recognised {
  // biome-ignore lint/correctness/useYield: a rule that needs no bytes is still a rule
  return function* () {
    return unproven(type);
  };
}
