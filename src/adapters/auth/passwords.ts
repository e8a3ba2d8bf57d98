import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from '#src/ports/passwords.ts';

/** argon2id with 19 MiB and two passes (OWASP's recommended minimum). */
export const passwords: Passwords = {
  hash: (password) => hash(password.normalize('NFC'), { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
  verify: (stored, password) => verify(stored, password.normalize('NFC')),
};
