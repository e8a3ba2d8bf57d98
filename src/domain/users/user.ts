import { z } from 'zod';

export const ROLES = ['participant', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking, as proven by a session or a personal token. */
export type Actor = { readonly userId: string; readonly name: string; readonly role: Role };

/** Control, invisible and half characters, and what file systems give a meaning to. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}/\\:*?"<>|]/u;

export const userName = z
  .string()
  .transform((name) => name.normalize('NFC').trim().replace(/\s+/g, ' '))
  .pipe(
    z
      .string()
      .min(1, 'A name needs at least one letter.')
      .max(60, 'A name has at most 60 letters.')
      .refine((name) => !UNSAFE.test(name), 'A name cannot contain / \\ : * ? " < > | or control characters.')
      .refine((name) => !name.startsWith('.') && !name.endsWith('.'), 'A name cannot begin or end with a dot.'),
  );

export const password = z
  .string()
  .min(10, 'A passphrase has at least 10 characters.')
  .max(200, 'A passphrase has at most 200 characters.')
  .refine((text) => text.trim() !== '', 'A passphrase needs more than spaces.');

export const COMMON =
  'This passphrase is one of the most common ones, which are guessed first. Choose another, for example four words.';

/** Of one user. */
export const MAX_TOKENS = 20;
