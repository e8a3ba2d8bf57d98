import { jpegText, webpText } from '#src/domain/formats/embedded/exif-text.ts';
import { MAX_TEXT, pngText, type StoredText } from '#src/domain/formats/embedded/png-text.ts';
import { latin1 } from '#src/domain/formats/reading/bytes.ts';
import { type Asking, Window } from '#src/domain/formats/reading/window.ts';

/** What ComfyUI writes into a file: the graph that was run, and the editor's own workflow, both as JSON. */
export type Embedded = { readonly prompt: string | null; readonly workflow: string | null };

type Finder = (key: string) => Promise<string | null>;

/** Gives a rule the bytes that it asks for. */
async function answer<T>(file: Blob, asking: Asking<T>): Promise<T> {
  let step = asking.next();
  while (!step.done) {
    const { offset, length } = step.value;
    step = asking.next(new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()));
  }
  return step.value;
}

/** A text that is packed may be of any size: what is larger than the limit is none. */
async function unpacked(text: StoredText | null): Promise<string | null> {
  if (!text?.packed) return text && new TextDecoder().decode(text.bytes);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    const packed = new Blob([new Uint8Array(text.bytes)]).stream();
    for (const reader = packed.pipeThrough(new DecompressionStream('deflate')).getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return await new Blob(parts).text();
      length += value.length;
      if (length > MAX_TEXT) {
        await reader.cancel();
        return null;
      }
      parts.push(new Uint8Array(value));
    }
  } catch {
    return null;
  }
}

const isPng = (head: Uint8Array): boolean => latin1(head, 1, 3) === 'PNG';
const isWebp = (head: Uint8Array): boolean => latin1(head, 0, 4) === 'RIFF' && latin1(head, 8, 4) === 'WEBP';
const isJpeg = (head: Uint8Array): boolean => head[0] === 0xff && head[1] === 0xd8;
const isFilmOrSound = (head: Uint8Array): boolean =>
  latin1(head, 4, 4) === 'ftyp' ||
  ['fLaC', 'OggS', 'RIFF'].includes(latin1(head, 0, 4)) ||
  latin1(head, 0, 3) === 'ID3' ||
  latin1(head, 0, 4) === '\x1aE\xdf\xa3' ||
  (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0);

async function finderFor(file: Blob, head: Uint8Array): Promise<Finder | null> {
  const whole = new Window(file.size);
  if (isPng(head)) return async (key) => unpacked(await answer(file, pngText(whole, key)));
  if (isWebp(head)) return (key) => answer(file, webpText(whole, key));
  if (isJpeg(head)) return (key) => answer(file, jpegText(whole, key));
  if (!isFilmOrSound(head)) return null;
  const { tagsOf } = await import('./tags.ts');
  const find = await tagsOf(file);
  return async (key) => find(key);
}

/** What ComfyUI wrote into a picture, film or sound, from its bytes, whatever it is called. Null = it is none of these. Reads only the parts that can hold it. */
export async function readEmbedded(file: Blob): Promise<Embedded | null> {
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  const find = await finderFor(file, head);
  return find && { prompt: await find('prompt'), workflow: await find('workflow') };
}
