import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { picture } from '../testing/graphs.ts';
import {
  OPERATOR,
  type ProductUnderTest,
  productUnderTest,
  signIn,
  type TestPerson,
} from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { refusal, type Visitor } from '../testing/visitor.ts';

describe('participants', () => {
  let product: ProductUnderTest;
  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 2 } });
  });
  afterAll(async () => {
    expect(product.wentWrong()).toEqual([]);
    await product.stop();
  });

  const admin = () => product.operator.api.admin;
  const listed = async (name: string) => (await admin().participants.list.query()).find((one) => one.name === name);
  const left = async (name: string) => (await admin().participants.left.query()).find((one) => one.name === name);
  const me = (who: Visitor) => who.api.session.me.query();
  const auditLog = async (subjectId: string) =>
    (await admin().events.list.query({ subjectId })).items.map(({ type, actor, detail }) => ({
      type,
      by: actor?.name,
      detail,
    }));
  const render = async (who: Visitor): Promise<string> => {
    const { id } = await who.api.jobs.submit.mutate({ prompt: picture() });
    await until('the job to be done', async () => (await who.api.jobs.get.query({ id })).status === 'completed');
    return id;
  };
  const exists = (person: TestPerson, file: string) =>
    access(join(product.folders.outputs, person.name, file)).then(
      () => true,
      () => false,
    );

  test('a list says who is online, what they did and what they may do', async () => {
    const anna = await product.participant('Anna');
    await render(anna);
    expect(await listed('Anna')).toMatchObject({ tabs: 0, jobs: 1, results: 1, joinedBy: null, waitingCap: null });
    expect((await listed('Anna'))?.bytes).toBeGreaterThan(100);
    const [one, two] = [anna.listen(), anna.listen()];
    await Promise.all([one.ready, two.ready]);
    expect((await listed('Anna'))?.tabs).toBe(2);
    const watching = product.operator.listen();
    await watching.ready;
    await Promise.all([one.close(), two.close()]);
    await until('Anna to be gone', async () => (await listed('Anna'))?.tabs === 0);
    await until('the operator to hear of it', async () =>
      watching.received.some(({ data }) => data.type === 'presence.changed'),
    );
    await watching.close();
  });

  test('names with caps of their own, honoured where jobs are taken and where they are sent', async () => {
    const [made] = await admin().participants.create.mutate({
      names: [{ name: 'Capped', waitingCap: 1, inFlightCap: 1 }],
    });
    const capped = product.visitor();
    await signIn(capped, { name: 'Capped', password: made?.passphrase ?? '' });
    const free = await product.participant('Free');
    await admin().queue.pause.mutate();
    const submit = async (who: Visitor) => (await who.api.jobs.submit.mutate({ prompt: picture() })).id;
    await submit(capped);
    const told = await refusal(submit(capped));
    expect(told).toMatchObject({ appError: 'too_many_jobs' });
    expect(told.message).toContain('You have 1 job in the queue, the limit is 1.');
    await admin().participants.setCaps.mutate({ id: made?.id ?? '', waitingCap: 4, inFlightCap: 1 });
    const second = await submit(capped);
    const { control } = product.fleet();
    await control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    await admin().queue.resume.mutate();
    const others = await submit(free);
    const status = async (who: Visitor, id: string) => (await who.api.jobs.get.query({ id })).status;
    await until('the other job to be sent', async () => (await status(free, others)) !== 'queued');
    expect(await status(capped, second)).toBe('queued');
    expect(await admin().queue.state.query()).toMatchObject({ waiting: 1, inFlight: 2 });
    await control.setFaults({ nodes: [] });
    await until('all to be done', async () => (await status(capped, second)) === 'completed');
  });

  test('a new name, the same folder, and no name twice', async () => {
    const [gerda, other] = await product.participants(['Gerda', 'Taken']);
    await render(gerda!);
    await admin().participants.rename.mutate({ id: gerda!.id, name: 'Greta' });
    expect((await me(gerda!))?.user.name).toBe('Greta');
    const { items } = await gerda!.api.results.list.query();
    expect((await gerda!.fetch(items[0]!.url)).status).toBe(200);
    expect(await product.filesOf({ name: 'Gerda' })).toHaveLength(1);
    expect(await refusal(admin().participants.rename.mutate({ id: other!.id, name: 'GRETA' }))).toMatchObject({
      appError: 'conflict',
      message: 'A user named "Greta" already exists.',
    });
    // Only the case of one's own name.
    await admin().participants.rename.mutate({ id: gerda!.id, name: 'greta' });
    await signIn(product.visitor(), { name: 'GRETA', password: gerda!.passphrase });
  });

  test('who leaves is out at once, the name is free, the files wait', async () => {
    const dora = await product.participant('Dora');
    const { token } = await dora.api.session.createToken.mutate({ name: 'script' });
    const script = product.visitor({ authorization: `Bearer ${token}` });
    await render(dora);
    const feed = dora.listen();
    await feed.ready;
    await admin().participants.delete.mutate({ id: dora.id, withWork: false });
    await until('the socket to be closed', async () => feed.closed.some(({ code }) => code === 4401));
    await feed.close();
    expect([await me(dora), await me(script)]).toEqual([null, null]);
    expect(await refusal(signIn(product.visitor(), { name: 'Dora', password: dora.passphrase }))).toMatchObject({
      appError: 'wrong_credentials',
    });
    expect([await listed('Dora'), await left('Dora')]).toMatchObject([undefined, { results: 1 }]);
    for (const told of await Promise.all(
      [
        admin().participants.setEnabled.mutate({ id: dora.id, enabled: true }),
        admin().participants.resetPassphrase.mutate({ id: dora.id }),
        admin().participants.lookAs.mutate({ id: dora.id }),
      ].map(refusal),
    ))
      expect(told).toMatchObject({ appError: 'not_found' });

    const namesake = await product.participant('Dora');
    expect(await refusal(admin().participants.restore.mutate({ id: dora.id }))).toMatchObject({ appError: 'conflict' });
    await admin().participants.restore.mutate({ id: dora.id, name: 'Dora the first' });
    expect([await listed('Dora'), await listed('Dora the first'), await left('Dora')]).toMatchObject([
      { id: namesake.id },
      { id: dora.id },
      undefined,
    ]);
    const again = product.visitor();
    await signIn(again, { name: 'dora the first', password: dora.passphrase });
    expect((await again.api.results.list.query()).items).toHaveLength(1);
    expect((await namesake.api.results.list.query()).items).toEqual([]);
  });

  test('deleted with all files: jobs cancelled, files and rows gone, nobody else touched', async () => {
    const [eva, fritz] = await product.participants(['Eva', 'Fritz']);
    await render(eva!);
    await render(fritz!);
    const [file] = await product.filesOf(eva!);
    expect(await exists(eva!, file!)).toBe(true);
    await admin().queue.pause.mutate();
    const { id: waiting } = await eva!.api.jobs.submit.mutate({ prompt: picture() });
    await admin().participants.delete.mutate({ id: eva!.id, withWork: true });
    await admin().queue.resume.mutate();
    expect(await refusal(product.operator.api.jobs.get.query({ id: waiting }))).toMatchObject({
      appError: 'not_found',
    });
    expect(await product.filesOf(eva!)).toEqual([]);
    expect([await listed('Eva'), await left('Eva')]).toEqual([undefined, undefined]);
    expect(await product.filesOf(fritz!)).toHaveLength(1);
    expect((await fritz!.api.results.list.query()).items).toHaveLength(1);
    const again = await product.participant('Eva');
    await render(again);
    expect(await product.filesOf(again)).toHaveLength(1);
  });

  test('nobody disables their own account', async () => {
    const id = (await me(product.operator))?.user.id ?? '';
    for (const told of await Promise.all(
      [
        admin().participants.setEnabled.mutate({ id, enabled: false }),
        admin().participants.setRole.mutate({ id, role: 'participant' }),
        admin().participants.delete.mutate({ id, withWork: true }),
      ].map(refusal),
    ))
      expect(told).toMatchObject({ appError: 'conflict' });
    expect((await me(product.operator))?.user.role).toBe('operator');
  });

  test('an operator is made and unmade, and signed out with the old role', async () => {
    const helper = await product.participant('Helper');
    await admin().participants.setRole.mutate({ id: helper.id, role: 'operator' });
    expect(await me(helper)).toBeNull();
    await signIn(helper, { name: 'Helper', password: helper.passphrase });
    expect((await helper.api.admin.participants.list.query()).length).toBeGreaterThan(1);
    await admin().participants.setRole.mutate({ id: helper.id, role: 'participant' });
    await signIn(helper, { name: 'Helper', password: helper.passphrase });
    expect(await refusal(helper.api.admin.participants.list.query())).toMatchObject({ appError: 'not_found' });
  });

  describe('joining by code', () => {
    const join = (code: string, name: string, who = product.visitor()) => who.api.session.join.mutate({ code, name });

    test('gives an account, a session and a passphrase that fits', async () => {
      const { code } = await admin().joinCodes.open.mutate({ seats: 2, minutes: 60 });
      const ida = product.visitor();
      const joined = await join(` ${code.toLowerCase().slice(0, 3)} ${code.slice(3)}`, '  Ida  ', ida);
      expect(joined.user).toMatchObject({ name: 'Ida', role: 'participant' });
      expect((await me(ida))?.user.id).toBe(joined.user.id);
      await signIn(product.visitor(), { name: 'Ida', password: joined.passphrase });
      expect((await listed('Ida'))?.joinedBy).toBe(code);
      expect(await auditLog(joined.user.id)).toEqual([
        { type: 'class.joined', by: undefined, detail: { name: 'Ida', code } },
      ]);
      expect(await refusal(join(code, 'IDA'))).toMatchObject({
        appError: 'conflict',
        message: 'The name "IDA" is taken. Add something, such as a second name.',
      });
      expect(await refusal(join(code, 'Te\u0430cher'))).toMatchObject({
        appError: 'conflict',
        message: expect.stringContaining('looks like "Teacher"'),
      });
      expect(await refusal(join(code, 'I\u202eda'))).toMatchObject({ appError: 'invalid_input' });
      expect(await refusal(join('WRONGX', 'Jo'))).toMatchObject({ appError: 'not_found' });
      expect(await refusal(join(code, 'a/b'))).toMatchObject({ appError: 'invalid_input' });
    });

    test('never gives more seats than there are, however many come at once', async () => {
      const { id, code } = await admin().joinCodes.open.mutate({ seats: 3, minutes: 60 });
      const all = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => join(code, `Crowd ${n}`)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
      expect((await admin().joinCodes.list.query()).find((one) => one.id === id)).toMatchObject({ seats: 3, taken: 3 });
      const crowd = (await admin().participants.list.query()).filter(({ name }) => name.startsWith('Crowd'));
      expect(crowd).toHaveLength(3);
      const told = await refusal(join(code, 'Late'));
      expect(told).toMatchObject({
        appError: 'conflict',
        message: 'All 3 seats of this class are taken. Ask the teacher.',
      });
    });

    test('is over at once when the code is closed', async () => {
      const { id, code } = await admin().joinCodes.open.mutate({ seats: 3, minutes: 60 });
      await admin().joinCodes.close.mutate({ id });
      expect(await refusal(join(code, 'Kim'))).toMatchObject({
        appError: 'conflict',
        message: 'This class code is closed. Ask the teacher.',
      });
      expect(await refusal(admin().joinCodes.close.mutate({ id }))).toMatchObject({ appError: 'not_found' });
    });

    test('cannot be guessed at for long', async () => {
      const guesser = product.visitor({ 'x-forwarded-for': '10.5.5.5' });
      const codes = await Promise.all(
        Array.from({ length: 40 }, async (_, n) => (await refusal(join('DDDDDD', `Guesser ${n}`, guesser))).appError),
      );
      expect(codes.filter((code) => code === 'not_found')).toHaveLength(30);
      expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(10);
    });

    test('takes few seats a minute from one address, and an operator removes the fakes in one step', async () => {
      const { id, code } = await admin().joinCodes.open.mutate({ seats: 100, minutes: 60 });
      const real = product.visitor({ 'x-forwarded-for': '10.6.6.1' });
      await join(code, 'Real', real);
      await render(real);
      const fakes = await Promise.allSettled(
        Array.from({ length: 30 }, (_, n) =>
          join(code, `Fake ${n}`, product.visitor({ 'x-forwarded-for': '10.6.6.6' })),
        ),
      );
      expect(fakes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
      const told = await refusal(join(code, 'Fake', product.visitor({ 'x-forwarded-for': '10.6.6.6' })));
      expect(told).toMatchObject({ status: 429, message: expect.stringMatching(/^At most 10 people a minute join/) });
      expect(await admin().joinCodes.removeJoined.mutate({ id })).toEqual({ removed: 10, kept: 1 });
      const names = (await admin().participants.list.query()).map(({ name }) => name);
      expect([names.includes('Real'), names.some((name) => name.startsWith('Fake'))]).toEqual([true, false]);
      expect(await refusal(join(code, 'Later'))).toMatchObject({ appError: 'conflict' });
      expect(await refusal(admin().joinCodes.removeJoined.mutate({ id: 'none' }))).toMatchObject({
        appError: 'not_found',
      });
    });
  });

  describe('impersonating a participant', () => {
    test('sees what they see, does what they may, is logged by name, and goes back', async () => {
      const lena = await product.participant('Lena');
      const job = await render(lena);
      const teacher = product.visitor();
      await signIn(teacher, OPERATOR);
      const tab = teacher.listen();
      await tab.ready;
      await teacher.api.admin.participants.lookAs.mutate({ id: lena.id });
      await until('the tab to be told', async () => tab.closed.some(({ code }) => code === 4402));
      expect(await me(teacher)).toEqual({
        user: { id: lena.id, name: 'Lena', role: 'participant' },
        operator: OPERATOR.name,
        classTitle: '',
      });
      expect((await teacher.api.jobs.list.query()).items.map(({ id }) => id)).toEqual([job]);
      expect(await refusal(teacher.api.admin.participants.list.query())).toMatchObject({ appError: 'not_found' });
      expect((await listed('Lena'))?.tabs).toBe(0);
      await tab.close();

      for (const told of await Promise.all(
        [
          teacher.api.session.createToken.mutate({ name: 'mine' }),
          teacher.api.session.revokeToken.mutate({ id: 'any' }),
          teacher.api.session.changePassword.mutate({ current: lena.passphrase, next: 'long enough' }),
          teacher.api.session.logout.mutate({ everywhere: true }),
        ].map(refusal),
      ))
        expect(told).toMatchObject({
          appError: 'forbidden',
          message: 'You are viewing as Lena. Only Lena can do this.',
        });
      const { id: theirs } = await teacher.api.jobs.submit.mutate({ prompt: picture() });
      expect((await lena.api.jobs.list.query()).items.map(({ id }) => id)).toContain(theirs);
      await teacher.api.session.lookBack.mutate();
      expect(await me(teacher)).toMatchObject({ user: { name: OPERATOR.name }, operator: null });
      expect(await refusal(teacher.api.session.lookBack.mutate())).toMatchObject({ appError: 'conflict' });
      expect((await me(lena))?.operator).toBeNull();
      expect(await auditLog(lena.id)).toEqual([
        { type: 'session.lookBack', by: OPERATOR.name, detail: { as: 'Lena' } },
        { type: 'jobs.submit', by: OPERATOR.name, detail: { as: 'Lena' } },
        { type: 'admin.participants.lookAs', by: OPERATOR.name, detail: { id: lena.id } },
      ]);
    });

    test('is not for operators, nor for who is disabled', async () => {
      const [mona, nina] = await product.participants(['Mona', 'Nina']);
      await admin().participants.setRole.mutate({ id: mona!.id, role: 'operator' });
      await admin().participants.setEnabled.mutate({ id: nina!.id, enabled: false });
      for (const { id } of [mona!, nina!])
        expect(await refusal(admin().participants.lookAs.mutate({ id }))).toMatchObject({ appError: 'conflict' });
    });

    test('the operator is back in their own account when the other one ends, and out when their own ends', async () => {
      const [olga, paul] = await product.participants(['Olga', 'Paul']);
      const helper = await product.participant('Second helper');
      await admin().participants.setRole.mutate({ id: helper.id, role: 'operator' });
      await signIn(helper, { name: 'Second helper', password: helper.passphrase });
      await helper.api.admin.participants.lookAs.mutate({ id: olga!.id });
      await admin().participants.delete.mutate({ id: olga!.id, withWork: true });
      expect(await me(helper)).toMatchObject({ user: { name: 'Second helper' }, operator: null });
      await helper.api.admin.participants.lookAs.mutate({ id: paul!.id });
      expect((await me(helper))?.user.name).toBe('Paul');
      await admin().participants.setEnabled.mutate({ id: helper.id, enabled: false });
      expect(await me(helper)).toBeNull();
      expect((await me(paul!))?.user.name).toBe('Paul');
    });
  });
});
