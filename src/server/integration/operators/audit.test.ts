import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '#src/adapters/db/connection.ts';
import { appRouter } from '#src/api/app/router.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, signIn, type TestPerson } from '../testing/product-under-test.ts';

const PICTURE = new URL('../../../domain/formats/fixtures/image_00001_.png', import.meta.url);

const isMutation = (procedure: unknown): boolean =>
  typeof procedure === 'function' &&
  '_def' in procedure &&
  z.object({ type: z.string() }).parse(procedure._def).type === 'mutation';
const MUTATIONS = Object.entries(appRouter._def.procedures).flatMap(([path, procedure]) =>
  path.startsWith('admin.') && isMutation(procedure) ? [path] : [],
);

/** What they do is done outside the database, or they found nothing to do here. */
const OUTSIDE = [
  'admin.backups.make',
  'admin.endpoints.test',
  'admin.endpoints.testListening',
  'admin.frontEnds.refresh',
  'admin.platform.adopt',
  'admin.storage.cleanUp',
  'admin.storage.give',
  'admin.storage.look',
  'admin.storage.makeRoom',
  'admin.storage.undoCleanUp',
];

let product: ProductUnderTest;
let anna: TestPerson;
beforeAll(async () => {
  product = await productUnderTest();
  anna = await product.participant('Anna');
});
afterAll(() => product.stop());

const admin = () => product.operator.api.admin;
const newest = async () => (await admin().events.list.query({ limit: 1 })).items[0];

describe('an entry and what it is about', () => {
  test('an action on several jobs says which failed and why, and its entry names only those that it was done to', async () => {
    await admin().queue.pause.mutate({});
    const submit = async (title: string) => (await anna.api.jobs.submit.mutate({ prompt: picture(), title })).id;
    const [one, two, ended] = [await submit('One'), await submit('Two'), await submit('Ended')];
    await anna.api.jobs.cancel.mutate({ id: ended });
    expect(await admin().queue.cancel.mutate({ ids: [one, ended, 'nothing'] })).toEqual({
      done: [one],
      failures: [
        { id: ended, message: 'This job has already ended.' },
        { id: 'nothing', message: 'Job not found.' },
      ],
      refused: 2,
      why: 'This job has already ended.',
    });
    expect(await newest()).toMatchObject({ type: 'admin.queue.cancel', detail: { ids: [one], names: ['One'] } });

    // Nothing was done, so there is nothing to record.
    await admin().queue.cancel.mutate({ ids: [ended] });
    expect(await newest()).toMatchObject({ detail: { ids: [one] } });
    const retried = await admin().queue.retry.mutate({ ids: [one, two] });
    expect(retried).toMatchObject({ done: [one], failures: [{ id: two }] });
    expect(await newest()).toMatchObject({ type: 'admin.queue.retry', detail: { ids: [one], names: ['One'] } });
    const story = (await admin().queue.story.query({ id: one })).story.map(({ what }) => what);
    expect(story).toEqual(expect.arrayContaining(['Teacher cancelled it.', 'Teacher ran it again.']));
    await admin().queue.prioritise.mutate({ ids: [two, ended], priority: 3 });
    expect(await newest()).toMatchObject({ detail: { ids: [two], names: ['Two'], priority: 3 } });
  });

  test('it keeps the names of then: of somebody renamed or deleted, and of the participant whose account was used', async () => {
    const ben = await product.participant('Ben');
    await admin().participants.rename.mutate({ id: ben.id, name: 'Benedict' });
    expect(await newest()).toMatchObject({ subject: 'Ben', detail: { name: 'Benedict' } });
    const job = await ben.api.jobs.submit.mutate({ prompt: picture(), title: 'Grey card' });
    const operator = product.visitor();
    await signIn(operator, { name: 'Teacher', password: 'chalk and blackboard' });
    await operator.api.admin.participants.lookAs.mutate({ id: ben.id });
    await operator.api.jobs.cancel.mutate({ id: job.id });
    const form = new FormData();
    form.append('file', new Blob([await readFile(PICTURE)]), 'plate.png');
    expect((await operator.fetch('/api/inputs', { method: 'POST', body: form })).status).toBe(200);
    await operator.api.session.lookBack.mutate();
    await admin().participants.delete.mutate({ id: ben.id, withWork: true });
    const { items } = await admin().events.list.query({ subjectId: ben.id });
    expect(items.map(({ type, actor, onBehalfOf, subject }) => [type, actor?.name, onBehalfOf?.name, subject])).toEqual(
      [
        ['admin.participants.delete', 'Teacher', undefined, 'Benedict'],
        ['session.lookBack', 'Teacher', 'Benedict', 'Benedict'],
        ['inputs.add', 'Teacher', 'Benedict', 'Benedict'],
        ['jobs.cancel', 'Teacher', 'Benedict', 'Grey card'],
        ['admin.participants.lookAs', 'Teacher', undefined, 'Benedict'],
        ['admin.participants.rename', 'Teacher', undefined, 'Ben'],
      ],
    );
    expect((await admin().events.list.query({ words: 'grey card' })).items).toMatchObject([{ type: 'jobs.cancel' }]);
  });

  test('an action that fails halfway is recorded as unfinished, one that changed nothing not at all', async () => {
    const before = await newest();
    await expect(admin().participants.rename.mutate({ id: anna.id, name: 'Teacher' })).rejects.toThrow();
    await expect(admin().endpoints.remove.mutate({ id: 'nothing' })).rejects.toThrow();
    expect(await newest()).toEqual(before);
  });
});

describe('when entries cannot be stored', () => {
  type Admin = ReturnType<typeof admin>;
  let actions: Readonly<Record<string, (admin: Admin) => Promise<unknown>>> = {};

  beforeAll(async () => {
    const api = admin();
    await api.workflows.add.mutate({ name: 'Class', workflow: { nodes: [] }, prompt: picture() });
    const workflow = (await api.workflows.list.query())[0]?.id ?? '';
    const endpoint = (await api.endpoints.upsert.mutate({ name: 'Spare', url: 'http://127.0.0.1:9', capacity: 1 })).id;
    await api.endpoints.setEnabled.mutate({ id: endpoint, enabled: false });
    await api.endpoints.keepWarm.mutate({
      id: endpoint,
      until: new Date(Date.now() + 3_600_000).toISOString(),
      workflowId: workflow,
    });
    const code = (await api.joinCodes.open.mutate({ seats: 5, minutes: 60 })).id;
    await anna.api.session.createToken.mutate({ name: 'Script' });
    const token = (await api.tokens.list.query())[0]?.id ?? '';
    const left = (await product.participant('Lena')).id;
    await api.participants.delete.mutate({ id: left, withWork: false });
    await anna.api.clientLogs.push.mutate({
      source: 'comfyume',
      browser: 'Test',
      entries: [{ at: new Date().toISOString(), level: 'error', message: 'Broken', page: '/', count: 1 }],
    });
    const group = (await api.clientLogs.groups.query({}))[0]?.group ?? '';
    await api.announcement.set.mutate({ text: 'Hello', eyesOnMe: false, until: null });
    const queued = (await anna.api.jobs.submit.mutate({ prompt: picture() })).id;
    const ended = (await anna.api.jobs.submit.mutate({ prompt: picture() })).id;
    await anna.api.jobs.cancel.mutate({ id: ended });
    const [id, url] = [anna.id, 'http://127.0.0.1:9'];
    actions = {
      'admin.announcement.set': ({ announcement }) =>
        announcement.set.mutate({ text: 'Other', eyesOnMe: false, until: null }),
      'admin.announcement.clear': ({ announcement }) => announcement.clear.mutate(),
      'admin.announcement.openWorkflow': ({ announcement }) => announcement.openWorkflow.mutate({ id: workflow }),
      'admin.announcement.closeWorkflow': ({ announcement }) => announcement.closeWorkflow.mutate(),
      'admin.clientLogs.clear': ({ clientLogs }) => clientLogs.clear.mutate({ group }),
      'admin.endpoints.close': ({ endpoints }) => endpoints.close.mutate({ id: endpoint, minutes: 5 }),
      'admin.endpoints.keepWarm': ({ endpoints }) =>
        endpoints.keepWarm.mutate({ id: endpoint, until: '2030-01-01T00:00:00.000Z', workflowId: workflow }),
      'admin.endpoints.open': ({ endpoints }) => endpoints.open.mutate({ id: endpoint }),
      'admin.endpoints.order': ({ endpoints }) => endpoints.order.mutate({ ids: [endpoint] }),
      'admin.endpoints.remove': ({ endpoints }) => endpoints.remove.mutate({ id: endpoint }),
      'admin.endpoints.setEnabled': ({ endpoints }) => endpoints.setEnabled.mutate({ id: endpoint, enabled: true }),
      'admin.endpoints.stopWarming': ({ endpoints }) => endpoints.stopWarming.mutate({ id: endpoint }),
      'admin.endpoints.upsert': ({ endpoints }) => endpoints.upsert.mutate({ name: 'New', url, capacity: 1 }),
      'admin.joinCodes.close': ({ joinCodes }) => joinCodes.close.mutate({ id: code }),
      'admin.joinCodes.open': ({ joinCodes }) => joinCodes.open.mutate({ seats: 1, minutes: 60 }),
      'admin.joinCodes.removeJoined': ({ joinCodes }) => joinCodes.removeJoined.mutate({ id: code }),
      'admin.participants.create': ({ participants }) => participants.create.mutate({ names: ['Mia'] }),
      'admin.participants.delete': ({ participants }) => participants.delete.mutate({ id, withWork: true }),
      'admin.participants.lookAs': ({ participants }) => participants.lookAs.mutate({ id }),
      'admin.participants.rename': ({ participants }) => participants.rename.mutate({ id, name: 'Ann' }),
      'admin.participants.resetPassphrase': ({ participants }) => participants.resetPassphrase.mutate({ id }),
      'admin.participants.restore': ({ participants }) => participants.restore.mutate({ id: left }),
      'admin.participants.setCaps': ({ participants }) =>
        participants.setCaps.mutate({ id, waitingCap: 3, inFlightCap: 1 }),
      'admin.participants.setComfyui': ({ participants }) => participants.setComfyui.mutate({ id, on: false }),
      'admin.participants.setEnabled': ({ participants }) => participants.setEnabled.mutate({ id, enabled: false }),
      'admin.participants.setRole': ({ participants }) => participants.setRole.mutate({ id, role: 'operator' }),
      'admin.queue.cancel': ({ queue }) => queue.cancel.mutate({ ids: [queued] }),
      'admin.queue.drain': ({ queue }) => queue.drain.mutate(),
      'admin.queue.pause': ({ queue }) => queue.pause.mutate({ intake: true }),
      'admin.queue.prioritise': ({ queue }) => queue.prioritise.mutate({ ids: [queued], priority: 5 }),
      'admin.queue.resume': ({ queue }) => queue.resume.mutate(),
      'admin.queue.retry': ({ queue }) => queue.retry.mutate({ ids: [ended] }),
      'admin.settings.change': ({ settings }) => settings.change.mutate({ keepDays: 3 }),
      'admin.storage.setIgnored': ({ storage }) => storage.setIgnored.mutate({ paths: ['comfyume/x'], ignored: true }),
      'admin.tokens.revoke': ({ tokens }) => tokens.revoke.mutate({ id: token }),
      'admin.workflows.add': ({ workflows }) => workflows.add.mutate({ name: 'Two', workflow: { nodes: [] } }),
      'admin.workflows.present': ({ workflows }) =>
        workflows.present.mutate({ id: workflow, makes: 'A picture', preset: null }),
      'admin.workflows.setPicture': ({ workflows }) => workflows.setPicture.mutate({ id: workflow, picture: null }),
      'admin.workflows.order': ({ workflows }) => workflows.order.mutate({ ids: [workflow] }),
      'admin.workflows.remove': ({ workflows }) => workflows.remove.mutate({ id: workflow }),
      'admin.workflows.setOffered': ({ workflows }) => workflows.setOffered.mutate({ id: workflow, offered: false }),
    };

    await product.pause();
    const db = await openDatabase(product.config.databaseUrl);
    if (db.dialect.name === 'postgresql')
      await db.$executeRaw`ALTER TABLE "AuditEvent" ADD CONSTRAINT "no_entries" CHECK ("actorId" IS NULL) NOT VALID`;
    else
      await db.$executeRaw`CREATE TRIGGER "no_entries" BEFORE INSERT ON "AuditEvent" WHEN NEW."actorId" IS NOT NULL BEGIN SELECT RAISE(ABORT, 'no entries today'); END`;
    await db.close();
    await product.resume();
  });

  test('every mutation of operators is tried here', () => {
    expect([...Object.keys(actions), ...OUTSIDE].sort()).toEqual([...MUTATIONS].sort());
  });

  test('nothing is done without its entry', async () => {
    const state = async () => {
      const api = admin();
      const [people, endpoints] = [await api.participants.list.query(), await api.endpoints.list.query()];
      return {
        people: people.map(({ lastSeenAt, tabs, ...person }) => person),
        left: await api.participants.left.query(),
        endpoints: endpoints.map(({ warmth, nextWarmUp, starts, ...endpoint }) => endpoint),
        codes: await api.joinCodes.list.query(),
        tokens: await api.tokens.list.query(),
        workflows: await api.workflows.list.query(),
        logs: await api.clientLogs.groups.query({}),
        settings: await api.settings.get.query(),
        announcement: await product.operator.api.announcement.get.query(),
        jobs: (await api.queue.jobs.query({ state: 'alive' })).items.map(({ id, priority }) => ({ id, priority })),
        ended: (await api.queue.jobs.query({ state: 'ended' })).total,
        me: await product.operator.api.session.me.query(),
      };
    };
    const before = await state();
    const done: string[] = [];
    for (const [path, action] of Object.entries(actions)) {
      const answer = await action(admin()).catch(() => 'failed');
      const refused = z.object({ done: z.array(z.string()).max(0), refused: z.literal(1) }).safeParse(answer).success;
      if (answer !== 'failed' && !refused) done.push(path);
    }
    expect(done).toEqual([]);
    expect(await state()).toEqual(before);
  });

  test('what happens outside the database happens, and the log has the entry', async () => {
    expect(await admin().storage.look.mutate()).toMatchObject({ findings: expect.any(Array) });
    expect(product.log.at(-1)).toMatchObject({
      level: 'error',
      message: 'could not store an audit entry',
      facts: { entry: { type: 'admin.storage.look' } },
    });
  });
});
