import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#src/domain/users/user.ts';
import { openStage, type Stage } from '../stage.testing.ts';
import { createParticipants } from './create-participants.ts';
import { deleteParticipant } from './delete-participant.ts';
import { ensureOperator } from './ensure-operator.ts';
import { resetPassphrase } from './reset-passphrase.ts';
import { setEnabled } from './set-enabled.ts';
import { setRole } from './set-role.ts';

const named = (...names: string[]) => names.map((name) => ({ name }));

describe('participants', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());
  const names = async (): Promise<string[]> => (await stage.deps.users.list()).map(({ name }) => name);

  test('the first operator: as named, or with a passphrase that is made up and told once', async () => {
    const [anna] = await createParticipants(stage.deps, named('Anna'));
    await expect(ensureOperator(stage.deps, { name: 'ANNA', password: null })).rejects.toMatchObject({
      code: 'conflict',
      message: 'ADMIN_NAME is "ANNA", but a participant has that name.',
    });
    for (const password of ['too short', 'password123'])
      await expect(ensureOperator(stage.deps, { name: 'Teacher', password })).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringMatching(/^ADMIN_PASSWORD cannot be used\. /),
      });
    const made = await ensureOperator(stage.deps, { name: 'Teacher', password: null });
    expect(made).toMatchObject({ name: 'Teacher', madeUp: true });
    expect(made?.password.length).toBeGreaterThan(12);
    const teacher = await stage.deps.users.byName('Teacher');
    expect(teacher).toMatchObject({ role: 'operator', passwordHash: `hash of ${made?.password}` });
    expect(await ensureOperator(stage.deps, { name: 'Another', password: 'another one' })).toBeNull();
    const actor: Actor = { userId: anna?.id ?? '', name: 'Anna', role: 'operator' };
    const id = teacher?.id ?? '';
    await expect(setEnabled(stage.deps, actor, { id, enabled: false })).rejects.toMatchObject({ code: 'conflict' });
    await expect(setRole(stage.deps, actor, { id, role: 'participant' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(deleteParticipant(stage.deps, actor, { id, withWork: false })).rejects.toMatchObject({
      code: 'conflict',
      message: 'At least one operator is required. Make somebody else an operator first.',
    });
    expect(await stage.deps.users.find(id)).toEqual(teacher);
    // As an earlier version could leave it.
    await stage.deps.db.user.update({ where: { id }, data: { disabledAt: new Date(stage.time.now) } });
    expect(await ensureOperator(stage.deps, { name: 'Another', password: 'another one' })).toEqual({
      name: 'Another',
      password: 'another one',
      madeUp: false,
    });
  });

  test('all of them or none', async () => {
    const before = await names();
    await expect(createParticipants(stage.deps, named('Ben', 'Cara', 'BEN'))).rejects.toMatchObject({
      code: 'conflict',
      message: '"BEN" is listed twice.',
    });
    await expect(createParticipants(stage.deps, named('Ben', 'anna'))).rejects.toMatchObject({
      code: 'conflict',
      message: 'A user named "anna" already exists. Nobody was added.',
    });
    expect(await names()).toEqual(before);
    const made = await createParticipants(stage.deps, named('Ben', 'Cara'));
    expect(made.map(({ name }) => name)).toEqual(['Ben', 'Cara']);
    expect(new Set(made.map(({ passphrase }) => passphrase)).size).toBe(2);
    for (const { id, passphrase } of made)
      expect(await stage.deps.users.find(id)).toMatchObject({
        role: 'participant',
        enabled: true,
        passwordHash: `hash of ${passphrase}`,
      });
  });

  test('two operators who add one name at the same time: one of them succeeds, and nobody is left without a passphrase', async () => {
    const both = await Promise.allSettled([
      createParticipants(stage.deps, named('First', 'Twin')),
      createParticipants(stage.deps, named('Second', 'Twin')),
    ]);
    const made = both.flatMap((one) => (one.status === 'fulfilled' ? one.value.map(({ name }) => name) : []));
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await names()).filter((name) => ['First', 'Second', 'Twin'].includes(name)).sort()).toEqual(made.sort());
  });

  test('a new passphrase only for participants', async () => {
    const ben = await stage.deps.users.byName('Ben');
    const { passphrase } = await resetPassphrase(stage.deps, ben?.id ?? '');
    expect((await stage.deps.users.byName('Ben'))?.passwordHash).toBe(`hash of ${passphrase}`);
    for (const id of [randomUUID(), (await stage.deps.users.byName('Another'))?.id ?? ''])
      await expect(resetPassphrase(stage.deps, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      setEnabled(stage.deps, { userId: '', name: '', role: 'operator' }, { id: randomUUID(), enabled: false }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
