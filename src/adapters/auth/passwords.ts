import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from '#src/ports/passwords.ts';

/** Of the list, those that are long enough to be chosen here; read when somebody first chooses one. */
let common: Promise<ReadonlySet<string>> | null = null;
const readCommon = async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter(({ length }) => length >= 10));
};

/** argon2id with 19 MiB and two passes (OWASP's recommended minimum). */
export const passwords: Passwords = {
  async isCommon(password) {
    common ??= readCommon();
    return (await common).has(password.normalize('NFKC').trim().toLowerCase());
  },
  hash: (password) => hash(password.normalize('NFC'), { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
  verify: (stored, password) => verify(stored, password.normalize('NFC')),
};
