import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '#src/adapters/db/connection.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

describe('endpoints', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let gate: Server;
  let gateUrl = '';
  let nobody = '';
  const admin = () => product.operator.api.admin;
  const list = () => admin().endpoints.list.query();
  const named = async (name: string) => {
    const found = (await list()).find((one) => one.name === name);
    if (!found) throw new Error(`an endpoint ${name}`);
    return found;
  };
  const auditLog = async (type: string) =>
    (await admin().events.list.query({ words: type })).items.filter((act) => act.type === type);
  const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 1 } });
    anna = await product.participant('Anna');
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    nobody = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((resolve) => closed.close(resolve));
    gate = createServer((request, response) => {
      if (request.url?.startsWith('/page')) response.writeHead(200).end('<h1>Hello</h1>');
      else response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    gateUrl = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    gate.close();
    await product.stop();
  });

  test('a key comes only from a variable that is meant for endpoints; one that was named before gets a sentence', async () => {
    const upsert = (apiKeyVariable: string) =>
      admin().endpoints.upsert.mutate({ name: 'Keyed', url: gateUrl, apiKeyVariable });
    for (const variable of ['VERDA_CLIENT_SECRET', 'ADMIN_PASSWORD', 'METRICS_TOKEN', 'HOME'])
      await expect(upsert(variable)).rejects.toThrow(variable);
    const { id } = await upsert('COMFY_KEY_TWO');
    await product.pause();
    const db = await openDatabase(product.config.databaseUrl);
    await db.endpoint.update({ where: { id }, data: { apiKeyVariable: 'HOME' } });
    await db.close();
    await product.resume();
    expect(await admin().endpoints.test.mutate({ id })).toMatchObject({
      well: false,
      sentence: expect.stringContaining('HOME may not be sent to an endpoint. Name it in ENDPOINT_KEYS'),
    });
    const findings = await admin().storage.look.mutate();
    expect(JSON.stringify(findings)).toContain('HOME may not be sent to an endpoint');
    await admin().endpoints.remove.mutate({ id });
  });

  test('one is added, changed by its id, and removed; one of the environment keeps what the environment says', async () => {
    const { id } = await admin().endpoints.upsert.mutate({ name: 'Extra', url: gateUrl, pricePerHour: 4.2 });
    await admin().endpoints.upsert.mutate({ id, name: 'Spare', url: gateUrl, capacity: 2 });
    expect(await named('Spare')).toMatchObject({ id, capacity: 2, pricePerHour: 4.2, origin: 'operator' });
    await expect(admin().endpoints.upsert.mutate({ id, name: 'GPUs', url: gateUrl })).rejects.toThrow(
      'An endpoint named "GPUs" already exists.',
    );
    await admin().endpoints.remove.mutate({ id });
    expect((await list()).map(({ name }) => name)).toEqual(['GPUs']);
    await expect(admin().endpoints.remove.mutate({ id })).rejects.toThrow('Endpoint not found.');

    const { origin, keepWarmUntil, warmth, ...gpus } = await named('GPUs');
    expect(origin).toBe('environment');
    await expect(admin().endpoints.upsert.mutate({ ...gpus, name: 'Others' })).rejects.toThrow(
      'is defined in ENDPOINTS',
    );
    await expect(admin().endpoints.remove.mutate({ id: gpus.id })).rejects.toThrow('is defined in ENDPOINTS');
    await admin().endpoints.upsert.mutate({ ...gpus, pricePerHour: 2.5 });
    expect(await named('GPUs')).toMatchObject({ pricePerHour: 2.5, capacity: 1 });
  });

  test('a test says what is there, and what is not', async () => {
    const { id } = await named('GPUs');
    expect((await named('GPUs')).tested).toBeNull();
    const well = await admin().endpoints.test.mutate({ id });
    expect((await named('GPUs')).tested).toMatchObject({ well: true });
    expect(well).toMatchObject({ well: true, doThis: null });
    expect(well.sentence).toMatch(/^ComfyUI \d+\.\d+.* answered after/);
    for (const [name, url, words] of [
      ['locked', gateUrl, 'It denied access (HTTP 401).'],
      ['page', `${gateUrl}/page`, 'but not ComfyUI (HTTP 200)'],
      ['gone', nobody, 'No connection'],
    ] as const) {
      const made = await admin().endpoints.upsert.mutate({ name, url });
      const said = await admin().endpoints.test.mutate({ id: made.id });
      expect(said.well).toBe(false);
      expect(said.sentence).toContain(words);
      expect((await named(name)).tested).toMatchObject({ well: false });
      // Of another address nothing is known.
      await admin().endpoints.upsert.mutate({ id: made.id, name, url: `${url}/other` });
      expect((await named(name)).tested).toBeNull();
      await admin().endpoints.remove.mutate({ id: made.id });
    }
  });

  test('one that is added without being enabled gets no jobs until it is', async () => {
    const { id } = await admin().endpoints.upsert.mutate({ name: 'Untested', url: nobody, enabled: false });
    expect(await named('Untested')).toMatchObject({ enabled: false, tested: null });
    await admin().endpoints.upsert.mutate({ id, name: 'Untested', url: nobody, capacity: 2 });
    expect(await named('Untested')).toMatchObject({ enabled: false, capacity: 2 });
    await admin().endpoints.setEnabled.mutate({ id, enabled: true });
    expect((await named('Untested')).enabled).toBe(true);
    await admin().endpoints.remove.mutate({ id });
  });

  test('closed for a while it gets no jobs, until it is opened', async () => {
    const { id } = await named('GPUs');
    await admin().endpoints.close.mutate({ id, minutes: 10 });
    expect((await named('GPUs')).closedUntil).not.toBeNull();
    const job = await anna.api.jobs.submit.mutate({ prompt: picture() });
    await until('a place in line', async () => (await anna.api.jobs.get.query({ id: job.id })).position === 1);
    await admin().endpoints.open.mutate({ id });
    await until('its end', async () => (await anna.api.jobs.get.query({ id: job.id })).status === 'completed');
    expect((await named('GPUs')).closedUntil).toBeNull();
  });

  test('an answer after a change says what is on it now', async () => {
    const { control } = product.fleet();
    await control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const { id } = await anna.api.jobs.submit.mutate({ prompt: picture() });
    await until('it to be sent', async () => (await named('GPUs')).inFlight === 1);
    const { id: endpointId, url, capacity } = await named('GPUs');
    const changed = await admin().endpoints.upsert.mutate({ id: endpointId, name: 'GPUs', url, capacity });
    expect(changed).toMatchObject({ inFlight: 1, restsUntil: null, closedUntil: null, busyUntil: null });
    await control.setFaults({ nodes: [] });
    await until('its end', async () => (await anna.api.jobs.get.query({ id })).status === 'completed');
  });

  test('one with jobs on it is not removed; one that has run some is only put aside', async () => {
    const { id } = await admin().endpoints.upsert.mutate({ name: 'Second', url: product.fleet().url });
    await admin().endpoints.order.mutate({ ids: [id] });
    expect((await list()).map(({ name }) => name)).toEqual(['Second', 'GPUs']);
    const job = await anna.api.jobs.submit.mutate({ prompt: picture() });
    await until('its end', async () => (await anna.api.jobs.get.query({ id: job.id })).status === 'completed');
    expect((await named('Second')).starts).toHaveLength(1);
    await admin().endpoints.remove.mutate({ id });
    const again = await admin().endpoints.upsert.mutate({ name: 'Second', url: product.fleet().url });
    expect(again.id).toBe(id);
    await admin().endpoints.remove.mutate({ id });
  });

  test('kept warm it is sent the workflow, which nobody sees among results; past its time that ends by itself', async () => {
    const { id, inFlight } = await named('GPUs');
    expect(inFlight).toBe(0);
    const nothing = await admin().workflows.add.mutate({ name: 'editor only', workflow: { nodes: [] } });
    await expect(
      admin().endpoints.keepWarm.mutate({ id, until: inMinutes(5), workflowId: nothing.id }),
    ).rejects.toThrow('has no API format');
    const film = await admin().workflows.add.mutate({ name: 'film', workflow: { nodes: [] }, prompt: picture() });
    await expect(admin().endpoints.keepWarm.mutate({ id, until: inMinutes(-1), workflowId: film.id })).rejects.toThrow(
      'This time is in the past.',
    );

    // All that ran before was longer ago than a GPU stays up.
    await admin().settings.change.mutate({ staysWarmMs: 30_000, inFlightCap: 1 });
    const idle = await admin().endpoints.upsert.mutate({ name: 'Idle', url: product.fleet().url });
    await admin().endpoints.setEnabled.mutate({ id, enabled: false });
    await admin().queue.pause.mutate();
    await admin().endpoints.keepWarm.mutate({ id: idle.id, until: inMinutes(5), workflowId: film.id });
    expect(await named('Idle')).toMatchObject({ warmth: { state: 'unknown' } });
    expect(await auditLog('endpoint.warmUp')).toEqual([]);
    await admin().queue.resume.mutate();
    await until('a warm GPU', async () => (await named('Idle')).warmth.state === 'warm');
    await until('the end of the warm-up', async () => (await named('Idle')).inFlight === 0);
    expect(await auditLog('endpoint.warmUp')).toMatchObject([{ actor: null, subjectId: idle.id }]);
    expect((await named('Idle')).nextWarmUp).not.toBeNull();

    expect((await product.operator.api.jobs.list.query()).items).toEqual([]);
    expect((await product.operator.api.results.list.query()).items).toEqual([]);
    expect(await product.filesOf({ name: 'Teacher' })).toEqual([]);
    expect((await admin().participants.list.query()).find(({ name }) => name === 'Teacher')?.jobs).toBe(0);

    await admin().endpoints.keepWarm.mutate({
      id: idle.id,
      until: new Date(Date.now() + 1500).toISOString(),
      workflowId: film.id,
    });
    await until('an end by itself', async () => (await named('Idle')).keepWarmUntil === null);
    await until('a word of it', async () => (await auditLog('endpoint.warmEnded')).length === 1);
  });

  test('a warm-up that fails is not tried again at once', async () => {
    const dead = await admin().endpoints.upsert.mutate({ name: 'Dead', url: nobody });
    const film = (await admin().workflows.list.query()).find(({ name }) => name === 'film');
    await admin().endpoints.keepWarm.mutate({ id: dead.id, until: inMinutes(5), workflowId: film?.id ?? '' });
    const failed = await until('a failed attempt', async () =>
      product.log.find(({ facts }) => 'reason' in facts && 'endpoint' in facts && facts.endpoint === dead.id),
    );
    expect(failed.facts).toMatchObject({ reason: 'endpoint_unreachable', verdict: 'give_up' });
    await admin().endpoints.stopWarming.mutate({ id: dead.id });
    expect((await auditLog('endpoint.warmUp')).filter(({ subjectId }) => subjectId === dead.id)).toHaveLength(1);
    expect(product.wentWrong()).toEqual([]);
  });
});
