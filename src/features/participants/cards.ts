import { z } from 'zod';

const KEY = 'comfyume.cards';
const cards = z.array(z.object({ id: z.string(), name: z.string(), passphrase: z.string() })).readonly();
export type Card = z.infer<typeof cards>[number];

/** Kept in this tab only, until it is closed: the server does not store passphrases. */
export const keepCards = (list: readonly Card[]): void => sessionStorage.setItem(KEY, JSON.stringify(list));

export const forgetCards = (): void => sessionStorage.removeItem(KEY);

export function keptCards(): readonly Card[] {
  const text = sessionStorage.getItem(KEY);
  return text === null ? [] : cards.parse(JSON.parse(text));
}
