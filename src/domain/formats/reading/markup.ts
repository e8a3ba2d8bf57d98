/** In these parts of markup nothing else counts. */
const OPAQUE = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

const opaqueAt = (text: string, at: number) => OPAQUE.find(([open]) => text.startsWith(open, at));

export const isTag = (text: string, at: number): boolean => !opaqueAt(text, at) && text[at + 1] !== '!';

/** The end of the part of markup that starts at `at`, outside of quotes and of a document type's brackets; null if it has none. */
export function markupEnd(text: string, at: number): number | null {
  const opaque = opaqueAt(text, at);
  if (opaque) {
    const end = text.indexOf(opaque[1], at + opaque[0].length);
    return end < 0 ? null : end + opaque[1].length;
  }
  let quote: string | null = null;
  let subset = 0;
  for (let index = at + 1; index < text.length; index++) {
    const char = text[index] ?? '';
    if (quote !== null) quote = char === quote ? null : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '[') subset += 1;
    else if (char === ']') subset -= 1;
    else if (subset > 0 && text.startsWith('<!--', index)) {
      const end = text.indexOf('-->', index + 4);
      if (end < 0) return null;
      index = end + 2;
    } else if (char === '>' && subset <= 0) return index + 1;
  }
  return null;
}
