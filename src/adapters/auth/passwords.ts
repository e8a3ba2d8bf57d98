import { hash, verify } from '@node-rs/argon2';
import PQueue from 'p-queue';
import { AppError } from '#src/domain/errors.ts';
import type { Passwords } from '#src/ports/auth.ts';

/** Of the list, those that are long enough to be chosen here; read when somebody first chooses one. */
let common: Promise<ReadonlySet<string>> | null = null;
const readCommon = async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter(({ length }) => length >= 10));
};

const MAX_WAITING = 50;
const RETRY_SECONDS = 3;

/** argon2id with 19 MiB and two passes (OWASP's recommended minimum), so many at a time: each holds a thread and its memory. */
export function createPasswords(atATime: number): Passwords {
  const queue = new PQueue({ concurrency: atATime });

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (queue.size >= MAX_WAITING)
      throw new AppError(
        'too_many_attempts',
        `Too many people are signing in right now. Try again in ${RETRY_SECONDS} seconds.`,
        {
          retryAfterSeconds: RETRY_SECONDS,
        },
      );
    return queue.add(work);
  }

  return {
    async isCommon(password) {
      common ??= readCommon();
      return (await common).has(password.normalize('NFKC').trim().toLowerCase());
    },
    hash: (password) =>
      inTurn(() => hash(password.normalize('NFC'), { memoryCost: 19_456, timeCost: 2, parallelism: 1 })),
    verify: (stored, password) => inTurn(() => verify(stored, password.normalize('NFC'))),
  };
}
