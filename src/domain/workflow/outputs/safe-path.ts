const MAX_SEGMENT = 80;
const MAX_SEGMENTS = 6;
/** Half characters (Cs) too: the worker's file system takes none, and its save node would fail. */
const UNSAFE_IN_NAMES = /[\p{Cc}\p{Cs}:*?"<>|]/gu;

/** The parts of a path, with all taken out that could lead elsewhere or that a file system does not take. Each has at most `bytes`. */
export const safeParts = (path: string, bytes: number): string[] =>
  path
    .split(/[/\\]/)
    .map((part) => part.replace(UNSAFE_IN_NAMES, '_').trim())
    .filter((part) => part !== '' && !/^\.+$/.test(part))
    .map((part) => clip(part.replace(/^\.+/, '_'), bytes).trimEnd())
    .slice(-MAX_SEGMENTS);

/** The parts of what a participant calls files or folders, kept inside the attempt's folder whatever it holds. */
export const ownParts = (text: unknown): string[] => safeParts(typeof text === 'string' ? text : '', MAX_SEGMENT);

/** Cuts to at most `bytes` of UTF-8, whole characters only. */
export function clip(text: string, bytes: number): string {
  let used = 0;
  let end = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    used += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (used > bytes) break;
    end += char.length;
  }
  return text.slice(0, end);
}
