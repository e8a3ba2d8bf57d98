import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Fresh, openFresh } from '#src/adapters/db/fresh-database.testing.ts';
import { createVerda } from '#src/adapters/verda/verda.ts';
import { type FakeVerda, startFakeVerda } from '#src/simulator/verda/fake-verda.ts';
import { adoptDeployment } from './adopt-deployment.ts';

const CREDENTIALS = { clientId: 'id', clientSecret: 'secret' };
const deployment = (name: string, max: number) => ({
  name,
  url: `https://containers.test/${name}`,
  gpu: 'H200',
  spot: name.endsWith('spot'),
  min: 0,
  max,
  replicas: [],
  logs: [],
  systemLogs: [],
});

let stores: Fresh;
let fake: FakeVerda;
beforeEach(async () => {
  stores = await openFresh();
  fake = await startFakeVerda({ ...CREDENTIALS, deployments: [deployment('flux', 4), deployment('flux-spot', 0)] });
});
afterEach(async () => {
  await fake.stop();
  await stores.close();
});

const deps = () => ({
  ...stores,
  platform: createVerda({ ...CREDENTIALS, baseUrl: fake.url }),
  clock: { now: () => 1_000_000 },
});
const named = (name: string, url: string, apiKeyVariable: string | null = null) =>
  stores.endpoints.upsert({ name, url, gpu: '', pricing: 'on-demand', capacity: 1, apiKeyVariable }, 0);

test('a deployment becomes an endpoint, with the key of its neighbour', async () => {
  await named('other', 'https://containers.test/other', 'INFERENCE_KEY');
  expect(await adoptDeployment(deps(), 'flux-spot')).toMatchObject({
    name: 'flux-spot',
    url: 'https://containers.test/flux-spot',
    gpu: 'H200',
    pricing: 'spot',
    capacity: 1,
    apiKeyVariable: 'INFERENCE_KEY',
  });
});

test('the endpoint that is there already keeps its name, its address and its key', async () => {
  const { id } = await named('Big ones', 'https://containers.test/flux/comfy', 'KEY');
  const adopted = await adoptDeployment(deps(), 'flux');
  expect(adopted).toMatchObject({ id, name: 'Big ones', capacity: 4, gpu: 'H200', apiKeyVariable: 'KEY' });
  expect(adopted.url).toBe('https://containers.test/flux/comfy');
  expect(await stores.endpoints.list()).toMatchObject([{ id, deployment: 'flux' }]);
});

test('a name that another endpoint has is not taken from it', async () => {
  await named('flux', 'https://elsewhere.test');
  await expect(adoptDeployment(deps(), 'flux')).rejects.toMatchObject({ code: 'conflict' });
});

test('without an account there is nothing to adopt', () =>
  expect(adoptDeployment({ ...deps(), platform: null }, 'flux')).rejects.toMatchObject({ code: 'not_found' }));
