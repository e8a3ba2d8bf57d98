import { z } from 'zod';

const KEY = 'comfyume.cards';
const cards = z.array(z.object({ id: z.string(), name: z.string(), passphrase: z.string() })).readonly();
export type Card = z.infer<typeof cards>[number];

export const forgetCards = (): void => sessionStorage.removeItem(KEY);

export function keptCards(): readonly Card[] {
  const text = sessionStorage.getItem(KEY);
  return text === null ? [] : cards.parse(JSON.parse(text));
}

/** The new ones first, then those that were kept before and are still valid. */
export function withNew(kept: readonly Card[], added: readonly Card[]): Card[] {
  const renewed = new Set(added.map(({ id }) => id));
  return [...added, ...kept.filter(({ id }) => !renewed.has(id))];
}

/** Keeps these too, in this tab only, until they are discarded or it is closed: the server does not store passphrases. */
export function keepCards(added: readonly Card[]): readonly Card[] {
  const all = withNew(keptCards(), added);
  sessionStorage.setItem(KEY, JSON.stringify(all));
  return all;
}
