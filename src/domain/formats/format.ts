import { glbRule } from './files/glb.ts';
import { looksLikeSafetensors, safetensorsRule } from './files/safetensors.ts';
import { jsonRule, markupRule } from './files/text.ts';
import { zipRule } from './files/zip.ts';
import { ebmlRule } from './media/ebml.ts';
import { flacRule } from './media/flac.ts';
import { isobmffRule, looksLikeIsobmff } from './media/isobmff.ts';
import { looksLikeMp3, mp3Rule } from './media/mp3.ts';
import { oggRule } from './media/ogg.ts';
import { riffRule } from './media/riff.ts';
import { bmpRule, looksLikeBmp } from './pictures/bmp.ts';
import { exrRule } from './pictures/exr.ts';
import { gifRule } from './pictures/gif.ts';
import { jpegRule } from './pictures/jpeg.ts';
import { J2K_SIGNATURE, JP2_SIGNATURE, jpeg2000Rule } from './pictures/jpeg2000.ts';
import { isBareJpegxl, JXL_SIGNATURE, jpegxlRule } from './pictures/jpegxl.ts';
import { photoshopRule } from './pictures/photoshop.ts';
import { PNG_SIGNATURE, pngRule } from './pictures/png.ts';
import { radianceRule } from './pictures/radiance.ts';
import { tiffRule } from './pictures/tiff.ts';
import { isHole, latin1 } from './reading/bytes.ts';
import { broken, type FileType, type FormatRule, growing, unproven } from './reading/verdict.ts';
import { Window } from './reading/window.ts';

/** Longest of all signatures: a shorter file may yet become anything. */
const HEAD = 18;
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
  ['\x76\x2f\x31\x01', exrRule],
  ['#?RADIANCE', radianceRule],
  ['#?RGBE', radianceRule],
  [JP2_SIGNATURE, jpeg2000Rule],
  [J2K_SIGNATURE, jpeg2000Rule],
  [JXL_SIGNATURE, jpegxlRule],
  ['8BPS\0\x01', photoshopRule],
  ['8BPS\0\x02', photoshopRule],
];

/** Extensions whose content has a signature: without one, the content is not what the name says. */
const SIGNED = new Set(
  `png apng webp jpg jpeg gif mp4 m4v m4a mov webm mkv mka flac mp3 ogg oga ogv opus wav avi
   safetensors latent glb avif heic heif exr hdr bmp jp2 j2k jxl psd tif tiff zip`.split(/\s+/),
);

/** A file with such a name is text, even if it begins like another format: "RIFF…" and "glTF…" are words too. */
const TEXTS: ReadonlyMap<string, string> = new Map([
  ...'txt log caption lrc ass yaml yml toml ini jsonl'
    .split(' ')
    .map((extension) => [extension, 'text/plain'] as const),
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['tsv', 'text/tab-separated-values'],
  ['srt', 'application/x-subrip'],
  ['vtt', 'text/vtt'],
  ['json', 'application/json'],
]);

/** Other formats without a signature; only the name can tell. */
const UNSIGNED: ReadonlyMap<string, FileType> = new Map([
  ['aac', { kind: 'audio', mime: 'audio/aac' }],
  ['gltf', { kind: 'model', mime: 'model/gltf+json' }],
  ['obj', { kind: 'model', mime: 'model/obj' }],
  ['stl', { kind: 'model', mime: 'model/stl' }],
  ['ply', { kind: 'model', mime: 'application/octet-stream' }],
]);

/** What kind of file this is, by its content, and whether it is all there. `bytes` is its size at the time of asking. */
export function* formatRule(name: string, bytes: number): FormatRule {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const textMime = TEXTS.get(extension);
  const text: FileType | null = textMime === undefined ? null : { kind: 'other', mime: textMime };
  // An empty file is a text, too, or one that is about to be written: as for every text, a quiet period or the end of the run decides.
  if (bytes <= 0) return text ? unproven(text) : growing('the file is still empty');
  const file = new Window(bytes);
  if (text) return extension === 'json' ? yield* jsonRule(file, text) : unproven(text);
  const head = yield* file.at(0, HEAD);
  const rule = recognise(head, extension);
  if (rule) return yield* rule(file);

  const named = UNSIGNED.get(extension);
  if (named && extension === 'gltf') return yield* jsonRule(file, named);
  const startsWithTag = /^(\xef\xbb\xbf)?\s*</.test(latin1(head, 0, HEAD));
  if (startsWithTag && !named) return yield* markupRule(file, OTHER);
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
  if (looksLikeBmp(head)) return bmpRule;
  // Two bytes are a weak signature.
  if (extension === 'jxl' && isBareJpegxl(head)) return jpegxlRule;
  return extension === 'mp3' && looksLikeMp3(head) ? mp3Rule : null;
}
