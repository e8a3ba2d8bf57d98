import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLoginGuard } from '#src/adapters/auth/login-guard.ts';
import { passwords } from '#src/adapters/auth/passwords.ts';
import { openStage, type Stage } from '../stage.testing.ts';
import { identify } from './identify.ts';
import { signIn } from './sign-in.ts';

const DAY = 86_400_000;

describe('sessions', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());
  const enter = (name: string, password = `${name}`, more = {}) =>
    signIn({ ...stage.deps, guard: createLoginGuard(), ...more }, { name, password, address: '10.0.0.1' });
  const who = (cookie: string, canSetCookie = true) => identify(stage.deps, { cookie, bearer: null }, canSetCookie);

  test('fourteen days, renewed by use at most once a day, over when it was not used', async () => {
    const anna = await stage.actor('Anna');
    const { token, expiresAt } = await enter('Anna');
    expect(expiresAt).toBe(stage.time.now + 14 * DAY);
    stage.time.now += DAY;
    expect(await who(token)).toMatchObject({ actor: anna, renewedUntil: null });
    stage.time.now += 1;
    expect((await who(token))?.renewedUntil).toBe(stage.time.now + 14 * DAY);
    expect((await who(token))?.renewedUntil).toBeNull();
    stage.time.now += 14 * DAY - 1;
    expect((await who(token, false))?.renewedUntil).toBeNull();
    expect((await who(token))?.renewedUntil).toBe(stage.time.now + 14 * DAY);
    stage.time.now += 14 * DAY;
    expect(await who(token)).toBeNull();
  });

  test('a name that is none costs as much as a passphrase that is wrong', async () => {
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
