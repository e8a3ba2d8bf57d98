import { describe, expect, test } from 'vitest';
import { createPasswords } from './passwords.ts';
import { random } from './random.ts';

const passwords = createPasswords(2);

describe('passwords', () => {
  test('argon2id, never twice the same hash, and only the right one fits', async () => {
    const [one, two] = [await passwords.hash('river lamp seven'), await passwords.hash('river lamp seven')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify(one, 'river lamp seven')).toBe(true);
    for (const wrong of ['', 'river lamp seve', 'River lamp seven', 'river lamp seven '])
      expect(await passwords.verify(one, wrong)).toBe(false);
  });

  test('what looks the same is the same, however the keyboard makes it', async () => {
    expect(await passwords.verify(await passwords.hash('Zo\u00eb Caf\u00e9 1'), 'Zoe\u0308 Cafe\u0301 1')).toBe(true);
  });
});

test.each([
  ['1234567890', true],
  ['Password123', true],
  [' QWERTYUIOP', true],
  ['chalk and blackboard', false],
  ['acorn-river-lamp-otter-42', false],
])('%s is common: %s', async (password, is) => expect(await passwords.isCommon(password)).toBe(is));
describe('many at a time', () => {
  test('two are worked on and fifty wait; more are told to come back, and then there is room', async () => {
    const passwords = createPasswords(2);
    const tries = await Promise.allSettled(Array.from({ length: 60 }, () => passwords.hash('river lamp seven')));
    const no = tries.flatMap((tried) => (tried.status === 'rejected' ? [tried.reason] : []));
    expect(no).toHaveLength(8);
    expect(no[0]).toMatchObject({ code: 'too_many_attempts', retryAfterSeconds: 3 });
    expect(await passwords.hash('river lamp seven')).toContain('argon2id');
  });
});

describe('chance', () => {
  test('ids are canonical UUIDs, tokens long, and only their hash finds them', () => {
    const ids = Array.from({ length: 100 }, random.id);
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const { token, hash } = random.token();
    expect(token).toMatch(/^cfy_[\w-]{43}$/);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(random.hashToken(token)).toBe(hash);
    expect(random.token().token).not.toBe(token);
  });

  test('numbers are whole, from 0 to below the limit, also a limit of 2^48', () => {
    const small = Array.from({ length: 200 }, () => random.below(3));
    expect(new Set(small)).toEqual(new Set([0, 1, 2]));
    for (let n = 0; n < 200; n += 1) {
      const big = random.below(2 ** 48);
      expect(Number.isSafeInteger(big) && big >= 0 && big < 2 ** 48).toBe(true);
    }
  });
});
