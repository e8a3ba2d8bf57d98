import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLoginGuard } from '#src/adapters/auth/login-guard.ts';
import { createPasswords } from '#src/adapters/auth/passwords.ts';
import { openStage, type Stage } from '../stage.testing.ts';
import { identify } from './identify.ts';
import { signIn } from './sign-in.ts';

const DAY = 86_400_000;
const whole = { scope: 'all', expiresAt: null } as const;

describe('sessions', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());
  const enter = (name: string, password = `${name}`, more = {}) =>
    signIn(
      { ...stage.deps, guard: createLoginGuard(), ...more },
      { name, password, caller: { address: '10.0.0.1', device: null }, previousSessionId: null },
    );
  const who = (cookie: string, canSetCookie = true) =>
    identify(stage.deps, { cookie, bearer: null, isTab: false }, canSetCookie);

  test('fourteen days, renewed by use at most once a day, over when it was not used', async () => {
    const anna = await stage.actor('Anna');
    const { token, expiresAt } = await enter('Anna');
    expect(expiresAt).toBe(stage.time.now + 14 * DAY);
    stage.time.now += DAY;
    expect(await who(token)).toMatchObject({ actor: anna, isRenewed: false });
    stage.time.now += 1;
    expect(await who(token)).toMatchObject({ isRenewed: true, expiresAt: stage.time.now + 14 * DAY });
    expect((await who(token))?.isRenewed).toBe(false);
    stage.time.now += 14 * DAY - 1;
    expect((await who(token, false))?.isRenewed).toBe(false);
    expect(await who(token)).toMatchObject({ isRenewed: true, expiresAt: stage.time.now + 14 * DAY });
    stage.time.now += 14 * DAY;
    expect(await who(token)).toBeNull();
  });

  test('who may come in does so although nothing can be logged', async () => {
    const zoe = await stage.actor('Zoe');
    const { token: cookie } = await enter('Zoe');
    const { token: bearer, hash } = stage.deps.random.token();
    const { now } = stage.time;
    await stage.deps.users.addToken({ id: 't', tokenHash: hash, name: 'script', userId: zoe.userId, ...whole, now });
    const full = () => Promise.reject(new Error('The database could not be written to: its disk is full.'));
    const deps = { ...stage.deps, users: { ...stage.deps.users, tokenUsed: full, renewSession: full } };
    stage.time.now += 2 * DAY;
    const come = (proof: { cookie: string | null; bearer: string | null }) =>
      identify(deps, { ...proof, isTab: false }, true);
    expect(await come({ cookie: null, bearer })).toMatchObject({ actor: zoe });
    expect(await come({ cookie, bearer: null })).toMatchObject({ actor: zoe, isRenewed: false });
    expect(await who(cookie)).toMatchObject({ isRenewed: true, expiresAt: stage.time.now + 14 * DAY });
  });

  test('a token’s last use is logged at most once an hour', async () => {
    const ida = await stage.actor('Ida');
    const { token: bearer, hash } = stage.deps.random.token();
    await stage.deps.users.addToken({ id: 'u', tokenHash: hash, name: 'script', userId: ida.userId, ...whole, now: 0 });
    const began = stage.time.now;
    for (const [later, written] of [
      [0, 0],
      [DAY / 24, 0],
      [DAY / 24 + 1, DAY / 24 + 1],
    ] as const) {
      stage.time.now = began + later;
      expect(await identify(stage.deps, { cookie: null, bearer, isTab: false }, true)).toMatchObject({ actor: ida });
      expect((await stage.deps.users.tokens(ida.userId))[0]?.lastUsedAt).toBe(began + written);
    }
  });

  test('a name that is none costs as much as a passphrase that is wrong', async () => {
    const passwords = createPasswords(2);
    const real = { passwords };
    const hash = await passwords.hash('the right one');
    await stage.deps.users.create({
      id: stage.deps.random.id(),
      name: 'Ben',
      role: 'participant',
      passwordHash: hash,
      now: stage.time.now,
    });
    const verified: string[] = [];
    const counting = {
      passwords: {
        ...passwords,
        verify: (stored: string, password: string) => {
          verified.push(stored);
          return passwords.verify(stored, password);
        },
      },
    };
    for (const name of ['Ben', 'Nobody'])
      await expect(enter(name, 'wrong', counting)).rejects.toMatchObject({ code: 'wrong_credentials' });
    const cost = (stored: string | undefined): string | undefined => stored?.split('$').slice(1, 4).join(' ');
    expect(verified).toHaveLength(2);
    expect(cost(verified[1])).toBe(cost(verified[0]));
    expect((await enter('Ben', 'the right one', real)).user.name).toBe('Ben');
  });
});
