import { randomUUID } from 'node:crypto';
import { isTRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type AppRouter, appRouter } from '#src/api/app/router.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { APART, tabOf } from '../testing/tab-of.ts';
import { until } from '../testing/until.ts';
import type { Visitor } from '../testing/visitor.ts';

const ACTORS = ['nobody', 'owner', 'other', 'operator', 'tab'] as const;
type Actor = (typeof ACTORS)[number];
type Kind = 'query' | 'mutation' | 'subscription';

/** Everything that can be called, by the router itself: a new procedure without a row below fails. */
const kindOf = (procedure: unknown): Kind => {
  if (typeof procedure !== 'function' || !('_def' in procedure)) throw new Error('no procedure');
  return z.object({ type: z.enum(['query', 'mutation', 'subscription']) }).parse(procedure._def).type;
};
const KINDS = new Map(Object.entries(appRouter._def.procedures).map(([path, procedure]) => [path, kindOf(procedure)]));

type Row = Record<Exclude<Actor, 'tab'>, string> & { input?: (actor: Actor) => unknown };
const anybody = { nobody: 'ok', owner: 'ok', other: 'ok', operator: 'ok' };
const signedIn = { ...anybody, nobody: 'not_signed_in' };
/** The owner's, and operators may look and help. */
const owners = { ...signedIn, other: 'not_found' };
const operators = { ...signedIn, owner: 'not_found', other: 'not_found' };

/** The owner’s ComfyUI tab at its own origin, where others’ scripts run too: of what changes something these only. */
const CHANGED_FROM_TAB = new Set([
  'jobs.submit',
  'jobs.cancel',
  'jobs.retry',
  'jobs.vary',
  'workflows.run',
  'clientLogs.push',
]);
/** There nobody becomes somebody. */
const NOT_AT_TAB = new Set(['session.login', 'session.join']);
function expected(path: string, actor: Actor, row: Row | undefined): string | undefined {
  if (actor !== 'tab') return row?.[actor];
  if (NOT_AT_TAB.has(path)) return 'invalid_input';
  return KINDS.get(path) === 'mutation' && !CHANGED_FROM_TAB.has(path) ? 'forbidden' : row?.owner;
}

describe('who may do what', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let script: Record<Actor, Visitor>;
  let resultId = '';
  let endpointId = '';

  const tokenOf = async (who: Visitor): Promise<Visitor> => {
    const { token } = await who.api.session.createToken.mutate({ name: 'roles' });
    return product.visitor({ authorization: `Bearer ${token}` });
  };
  const waitingJob = async (): Promise<string> => (await anna.api.jobs.submit.mutate({ prompt: picture() })).id;
  const endedJob = async (): Promise<string> => {
    const id = await waitingJob();
    await anna.api.jobs.cancel.mutate({ id });
    return id;
  };
  const workflow = async (): Promise<string> =>
    (
      await product.operator.api.admin.workflows.add.mutate({
        name: randomUUID(),
        workflow: { nodes: [] },
        prompt: picture(),
      })
    ).id;
  const spare = async (): Promise<string> => {
    const { id } = await product.operator.api.admin.endpoints.upsert.mutate({
      name: randomUUID(),
      url: 'http://gpu.test',
    });
    await product.operator.api.admin.endpoints.setEnabled.mutate({ id, enabled: false });
    return id;
  };
  const somebody = async (): Promise<string> =>
    (await product.operator.api.admin.participants.create.mutate({ names: [randomUUID()] }))[0]?.id ?? '';

  const somebodyWhoLeft = async (): Promise<string> => {
    const id = await somebody();
    await product.operator.api.admin.participants.delete.mutate({ id, withWork: false });
    return id;
  };
  const tokenOfAnna = async () => ({ id: (await anna.api.session.createToken.mutate({ name: 'to go' })).id });
  const openedClass = () => product.operator.api.admin.joinCodes.open.mutate({ seats: 1, minutes: 5 });

  const ROWS: Record<string, Row> = {
    'session.info': anybody,
    'session.me': anybody,
    'session.login': {
      nobody: 'wrong_credentials',
      owner: 'wrong_credentials',
      other: 'wrong_credentials',
      operator: 'wrong_credentials',
      input: () => ({ name: randomUUID(), password: 'x' }),
    },
    'session.join': {
      nobody: 'not_found',
      owner: 'not_found',
      other: 'not_found',
      operator: 'not_found',
      input: () => ({ code: 'none', name: randomUUID() }),
    },
    'session.lookBack': { nobody: 'not_signed_in', owner: 'conflict', other: 'conflict', operator: 'conflict' },
    'session.logout': signedIn,
    'session.changePassword': {
      nobody: 'not_signed_in',
      owner: 'wrong_credentials',
      other: 'wrong_credentials',
      operator: 'wrong_credentials',
      input: () => ({ current: 'x', next: 'long enough' }),
    },
    'session.tokens': signedIn,
    // These ask with tokens, which make no tokens.
    'session.createToken': {
      nobody: 'not_signed_in',
      owner: 'forbidden',
      other: 'forbidden',
      operator: 'forbidden',
      input: () => ({ name: 'x' }),
    },
    'session.revokeToken': {
      ...owners,
      operator: 'not_found',
      input: tokenOfAnna,
    },
    'jobs.submit': { ...signedIn, input: () => ({ prompt: picture() }) },
    'jobs.list': signedIn,
    'jobs.get': { ...owners, input: async () => ({ id: await waitingJob() }) },
    'jobs.graph': { ...owners, input: async () => ({ id: await waitingJob() }) },
    'jobs.cancel': { ...owners, input: async () => ({ id: await waitingJob() }) },
    'jobs.retry': { ...owners, input: async () => ({ id: await endedJob() }) },
    'jobs.vary': { ...owners, input: async () => ({ id: await endedJob() }) },
    'jobs.versions': { ...owners, input: async () => ({ id: await endedJob() }) },
    'jobs.line': signedIn,
    'jobs.onEvent': signedIn,
    'jobs.onPreview': { ...owners, input: async () => ({ id: await waitingJob() }) },
    'inputs.missing': { ...signedIn, input: () => ({ names: ['x.png'] }) },
    'inputs.list': signedIn,
    'inputs.places': { ...signedIn, input: () => ({ kind: 'image' }) },
    'inputs.addResult': { ...owners, operator: 'not_found', input: () => ({ resultId }) },
    'inputs.total': signedIn,
    'inputs.remove': { ...owners, owner: 'not_found', operator: 'not_found', input: () => ({ ids: [randomUUID()] }) },
    'results.list': signedIn,
    'results.get': { ...owners, input: () => ({ id: resultId }) },
    'results.count': signedIn,
    'results.size': signedIn,
    'results.choices': signedIn,
    'results.some': { ...signedIn, input: () => ({ ids: [resultId] }) },
    'results.setFavourite': { ...owners, operator: 'not_found', input: () => ({ id: resultId, favourite: true }) },
    'results.mark': { ...owners, operator: 'not_found', input: () => ({ ids: [resultId], rating: 3 }) },
    'results.remove': { ...owners, operator: 'not_found', input: () => ({ ids: [resultId] }) },
    'results.restore': { ...owners, operator: 'not_found', input: () => ({ ids: [resultId] }) },
    'results.rename': { ...owners, operator: 'not_found', input: () => ({ id: resultId, name: 'Hero' }) },
    'results.spelling': { ...signedIn, input: () => ({ words: 'trian' }) },
    'results.keep': { ...owners, operator: 'not_found', input: () => ({ id: resultId }) },
    'results.hang': { ...owners, operator: 'not_found', input: () => ({ ids: [resultId], onWall: false }) },
    'wall.list': signedIn,
    'wall.takeDown': { ...owners, input: () => ({ id: resultId }) },
    'admin.participants.list': operators,
    'admin.participants.create': { ...operators, input: () => ({ names: [randomUUID()] }) },
    'admin.participants.setEnabled': { ...operators, input: async () => ({ id: await somebody(), enabled: false }) },
    'admin.participants.setComfyui': { ...operators, input: async () => ({ id: await somebody(), on: false }) },
    'admin.participants.resetPassphrase': { ...operators, input: async () => ({ id: await somebody() }) },
    'admin.participants.left': operators,
    'admin.participants.setRole': { ...operators, input: async () => ({ id: await somebody(), role: 'operator' }) },
    'admin.participants.setCaps': {
      ...operators,
      input: async () => ({ id: await somebody(), waitingCap: 5, inFlightCap: null }),
    },
    'admin.participants.rename': { ...operators, input: async () => ({ id: await somebody(), name: randomUUID() }) },
    'admin.participants.delete': { ...operators, input: async () => ({ id: await somebody(), withWork: true }) },
    'admin.participants.restore': { ...operators, input: async () => ({ id: await somebodyWhoLeft() }) },
    // These ask with a token, which has no session that could be turned.
    'admin.participants.lookAs': {
      ...operators,
      operator: 'invalid_input',
      input: async () => ({ id: await somebody() }),
    },
    'admin.joinCodes.list': operators,
    'admin.joinCodes.open': { ...operators, input: () => ({ seats: 3, minutes: 5 }) },
    'admin.joinCodes.close': { ...operators, input: async () => ({ id: (await openedClass()).id }) },
    'admin.joinCodes.removeJoined': { ...operators, input: async () => ({ id: (await openedClass()).id }) },
    'admin.tokens.list': operators,
    'admin.tokens.revoke': { ...operators, input: tokenOfAnna },
    'admin.platform.state': operators,
    'admin.platform.adopt': {
      ...operators,
      operator: 'not_found',
      input: () => ({ deployment: 'none' }),
    },
    'admin.queue.state': operators,
    'admin.queue.pause': operators,
    'admin.queue.drain': operators,
    'admin.queue.resume': operators,
    'admin.queue.jobs': operators,
    'admin.queue.ids': operators,
    'admin.queue.prioritise': { ...operators, input: async () => ({ ids: [await waitingJob()], priority: 1 }) },
    'admin.queue.cancel': { ...operators, input: async () => ({ ids: [await waitingJob()] }) },
    'admin.queue.retry': { ...operators, input: async () => ({ ids: [await endedJob()] }) },
    'admin.queue.story': { ...operators, input: async () => ({ id: await waitingJob() }) },
    'admin.overview.read': operators,
    'admin.overview.timeline': operators,
    'admin.settings.get': operators,
    'admin.settings.history': operators,
    'admin.settings.change': { ...operators, input: () => ({ inFlightCap: 3 }) },
    'admin.storage.findings': operators,
    'admin.storage.look': operators,
    'admin.storage.makeRoom': operators,
    'admin.storage.rooms': operators,
    'admin.storage.strays': operators,
    'admin.storage.setIgnored': { ...operators, input: () => ({ paths: ['comfyume/x/0/y.png'], ignored: true }) },
    'admin.storage.give': {
      ...operators,
      input: async () => ({ id: await somebody(), paths: ['comfyume/x/0/y.png'] }),
    },
    'admin.storage.models': operators,
    'admin.storage.needs': { ...operators, input: async () => ({ id: await workflow() }) },
    'admin.storage.cleanUpPreview': operators,
    'admin.storage.cleanUp': operators,
    'admin.storage.undoCleanUp': { ...operators, input: () => ({ at: 1 }) },
    'admin.storage.people': operators,
    'workflows.list': signedIn,
    'workflows.get': { ...signedIn, input: async () => ({ id: await workflow() }) },
    'workflows.run': { ...signedIn, input: async () => ({ id: await workflow() }) },
    'workflows.missingModels': { ...signedIn, input: () => ({ needed: [] }) },
    'workflows.missingNodes': { ...signedIn, input: () => ({ classes: [] }) },
    'workflows.handOver': { ...signedIn, input: () => ({ name: 'x', workflow: { nodes: [] } }) },
    'admin.workflows.list': operators,
    'admin.workflows.add': { ...operators, input: () => ({ name: randomUUID(), workflow: { nodes: [] } }) },
    'admin.workflows.setOffered': { ...operators, input: async () => ({ id: await workflow(), offered: false }) },
    'admin.workflows.present': {
      ...operators,
      input: async () => ({ id: await workflow(), makes: 'A picture', preset: null }),
    },
    'admin.workflows.setPicture': { ...operators, input: async () => ({ id: await workflow(), picture: null }) },
    'admin.workflows.order': { ...operators, input: async () => ({ ids: [await workflow()] }) },
    'admin.workflows.remove': { ...operators, input: async () => ({ id: await workflow() }) },
    'admin.backups.list': operators,
    'admin.backups.make': { ...operators, operator: 'conflict' },
    'admin.events.list': operators,
    'admin.events.actors': operators,
    'admin.monitoring.list': operators,
    'admin.processes.list': operators,
    'announcement.get': signedIn,
    'admin.announcement.set': { ...operators, input: () => ({ text: 'Look here' }) },
    'admin.announcement.clear': operators,
    'admin.announcement.openWorkflow': { ...operators, input: async () => ({ id: await workflow() }) },
    'admin.announcement.closeWorkflow': operators,
    'admin.announcement.recent': operators,
    'clientLogs.push': {
      ...signedIn,
      input: () => ({
        source: 'comfyume',
        browser: 'x',
        entries: [{ level: 'error', message: 'x', page: '/', at: new Date().toISOString() }],
      }),
    },
    'admin.clientLogs.groups': operators,
    'admin.clientLogs.list': operators,
    'admin.clientLogs.people': operators,
    'admin.clientLogs.clear': { ...operators, input: () => ({ group: 'x' }) },
    'admin.endpoints.list': operators,
    'admin.endpoints.upsert': { ...operators, input: () => ({ name: 'another', url: 'http://gpu.test' }) },
    'admin.endpoints.setEnabled': { ...operators, input: () => ({ id: endpointId, enabled: false }) },
    'admin.endpoints.order': { ...operators, input: () => ({ ids: [endpointId] }) },
    'admin.endpoints.remove': { ...operators, input: async () => ({ id: await spare() }) },
    'admin.endpoints.close': { ...operators, input: () => ({ id: endpointId, minutes: 1 }) },
    'admin.endpoints.open': { ...operators, input: () => ({ id: endpointId }) },
    'admin.endpoints.test': { ...operators, input: () => ({ id: endpointId }) },
    'admin.endpoints.testListening': { ...operators, input: async () => ({ id: await spare() }) },
    'admin.endpoints.listeningTest': { ...operators, input: () => ({ id: endpointId }) },
    'admin.frontEnds.list': operators,
    'admin.frontEnds.refresh': { ...operators, input: async () => ({ id: await spare() }) },
    'admin.endpoints.use': operators,
    'admin.endpoints.keepWarm': {
      ...operators,
      input: async () => ({
        id: await spare(),
        until: new Date(Date.now() + 60_000).toISOString(),
        workflowId: await workflow(),
      }),
    },
    'admin.endpoints.stopWarming': { ...operators, input: () => ({ id: endpointId }) },
  };

  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 1 }, config: APART });
    const [first, other] = await product.participants(['Anna', 'Ben']);
    if (!first || !other) throw new Error('two participants');
    anna = first;
    script = {
      nobody: product.visitor(),
      owner: await tokenOf(anna),
      other: await tokenOf(other),
      operator: await tokenOf(product.operator),
      tab: await tabOf(product, anna),
    };
    await anna.api.jobs.submit.mutate({ prompt: picture() });
    resultId = await until('a result', async () => (await anna.api.results.list.query()).items[0]?.id);
    endpointId = (await product.operator.api.admin.endpoints.list.query())[0]?.id ?? '';
    await product.operator.api.admin.endpoints.setEnabled.mutate({ id: endpointId, enabled: false });
  });
  afterAll(() => product.stop());

  const answer = z.union([
    z.object({ result: z.unknown() }).transform(() => 'ok'),
    z
      .object({ error: z.object({ data: z.object({ appError: z.string() }) }) })
      .transform(({ error }) => error.data.appError),
  ]);
  const ask = (who: Visitor, path: string, input: unknown): Promise<Response> =>
    KINDS.get(path) === 'mutation'
      ? who.fetch(`/api/trpc/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input ?? {}),
        })
      : who.fetch(`/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input ?? {}))}`);

  test('every procedure has a row', () => {
    expect(Object.keys(ROWS).sort()).toEqual([...KINDS.keys()].sort());
  });

  const cells = Object.keys(ROWS).flatMap((path) => ACTORS.map((actor) => [path, actor] as const));
  test.each(cells.filter(([path]) => KINDS.get(path) !== 'subscription'))('%s by %s', async (path, actor) => {
    const row = ROWS[path];
    expect(answer.parse(await (await ask(script[actor], path, await row?.input?.(actor))).json())).toBe(
      expected(path, actor, row),
    );
  });

  test.each(ACTORS.filter((actor) => actor !== 'nobody'))('jobs.onEvent by %s', async (actor) => {
    const feed = script[actor].listen();
    await feed.ready;
    await feed.close();
  });

  test.each(ACTORS.filter((actor) => actor !== 'nobody'))('jobs.onPreview by %s', async (actor) => {
    const id = await waitingJob();
    const { ready, close } = script[actor].look(id);
    const outcome = await ready.then(
      () => 'ok',
      (error: unknown) => (isTRPCClientError<AppRouter>(error) ? error.data?.appError : error),
    );
    expect(outcome).toBe(expected('jobs.onPreview', actor, ROWS['jobs.onPreview']));
    await close();
  });

  const byId = Object.keys(ROWS).filter(
    (path) =>
      KINDS.get(path) !== 'subscription' && ROWS[path]?.other === 'not_found' && ROWS[path]?.input !== undefined,
  );
  test.each(byId)('%s: what is somebody else’s looks like what never was', async (path) => {
    const input = z.record(z.string(), z.unknown()).parse(await ROWS[path]?.input?.('other'));
    const foreign = await ask(script.other, path, input);
    const nobodys = 'ids' in input ? { ids: [randomUUID()] } : { id: randomUUID() };
    const made = await ask(script.other, path, { ...input, ...nobodys });
    expect([foreign.status, await foreign.json()]).toEqual([404, await made.json()]);
  });

  test('to participants the operator’s procedures are as ones that there are not', async () => {
    const hidden = await ask(script.owner, 'admin.queue.state', {});
    const none = await ask(script.owner, 'admin.queue.nothing', {});
    expect(hidden.status).toBe(404);
    expect(JSON.stringify(await hidden.json())).toBe(
      JSON.stringify(await none.json()).replace('admin.queue.nothing', 'admin.queue.state'),
    );
  });

  test('what needs no input needs no body either', async () => {
    for (const headers of [new Headers(), new Headers({ 'content-type': 'application/json' })])
      for (const path of ['admin.queue.pause', 'admin.queue.resume', 'session.logout'])
        expect((await script.operator.fetch(`/api/trpc/${path}`, { method: 'POST', headers })).status, path).toBe(200);
  });

  test('lists are one’s own', async () => {
    expect((await script.owner.api.results.list.query()).items.length).toBeGreaterThan(0);
    for (const actor of ['other', 'operator'] as const) {
      expect((await script[actor].api.results.list.query()).items).toEqual([]);
      const mine = await script[actor].api.jobs.list.query({ limit: 200 });
      const annas = await script.owner.api.jobs.list.query({ limit: 200 });
      expect(mine.items.filter(({ id }) => annas.items.some((job) => job.id === id))).toEqual([]);
    }
  });

  test('nothing went wrong meanwhile', () => {
    expect(product.wentWrong()).toEqual([]);
  });
});
