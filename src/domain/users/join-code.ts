/** Without vowels, so that no words come out, and without letters that look or sound like others. */
const LETTERS = 'CDFGHJKMNPQRTVWXY';
const LENGTH = 6;

/** About 24 million of them. `random` gives whole numbers from 0 to below its argument. */
export const makeJoinCode = (random: (below: number) => number): string =>
  Array.from({ length: LENGTH }, () => LETTERS.charAt(random(LETTERS.length))).join('');

/** As it was made, however it was typed: `cdf ghj` is `CDFGHJ`. */
export const toJoinCode = (typed: string): string => typed.toUpperCase().replace(/[^A-Z]/g, '');

/** Easier to read from a wall. */
export const inHalves = (code: string): string => `${code.slice(0, LENGTH / 2)} ${code.slice(LENGTH / 2)}`;
