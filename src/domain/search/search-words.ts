/** The words of a text as the full-text table sees them: without capitals, accents and signs. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}+/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

const MIN_LETTERS = 3;
const MAX_LETTERS = 40;
const MAX_TERMS = 300;

/** The words of a text that somebody may misspell: numbers and very short ones are left out. */
export const termsOf = (text: string): string[] =>
  [...new Set(wordsOf(text))]
    .filter((word) => word.length >= MIN_LETTERS && word.length <= MAX_LETTERS && /\p{L}/u.test(word))
    .slice(0, MAX_TERMS);

/** What somebody types to find results. */
export type Search = {
  readonly words: readonly string[];
  /** Of a file name: the 12 of `shot_00012_.png`. */
  readonly counter: number | null;
};

const FILE_NAME =
  /^(.*?)(?:_(\d{5,9})_?)?(?:\.(?:png|jpe?g|webp|gif|svg|mp4|mov|webm|mkv|wav|mp3|flac|opus|glb|txt|json))?$/i;

/** A whole file name is found by the words and the counter in it: endings are not among the words of a result. */
export function searchOf(text: string): Search {
  let counter: number | null = null;
  const rest = text
    .trim()
    .split(/\s+/)
    .map((piece) => {
      const [, name = piece, number] = FILE_NAME.exec(piece) ?? [];
      if (number === undefined) return name || piece;
      counter = Number(number);
      return name;
    });
  return { words: wordsOf(rest.join(' ')), counter };
}

/** Whether each of these words, or a word that begins with it, is in the name. */
export function nameHas(name: string, words: readonly string[]): boolean {
  const own = wordsOf(name);
  return words.length > 0 && words.every((word) => own.some((each) => each.startsWith(word)));
}
