const WRITTEN = /^blake3:([0-9a-f]{64})$/i;

/** As programs write it: `blake3:` and the hexadecimal digits. */
export const writtenHash = (blake3: string): string => `blake3:${blake3}`;

/** The hexadecimal digits; null for anything that is not written like that. */
export const readHash = (written: string): string | null => WRITTEN.exec(written)?.[1]?.toLowerCase() ?? null;
