import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningFleet, startFleet } from '#src/simulator/start-fleet.ts';
import { apiV2Program } from '../testing/api-v2-program.ts';
import { comfySdk } from '../testing/comfy-sdk.ts';
import { freePort } from '../testing/free-port.ts';
import { picture } from '../testing/graphs.ts';
import { type Folders, newFolders, OPERATOR, signIn } from '../testing/product-under-test.ts';
import { type ServerProcess, startServer } from '../testing/server-process.ts';
import { visitor } from '../testing/visitor.ts';

let folders: Folders;
let fleet: RunningFleet;
let server: ServerProcess;
let port: number;

const start = (): Promise<ServerProcess> =>
  startServer({
    PORT: String(port),
    DATA_DIR: folders.data,
    SFS_DIR: folders.sfs,
    OUTPUTS_DIR: folders.outputs,
    ADMIN_NAME: OPERATOR.name,
    ADMIN_PASSWORD: OPERATOR.password,
    SFS_POLL_MS: '100',
    ENDPOINTS: JSON.stringify([{ name: 'GPUs', url: fleet.url, capacity: 5 }]),
  });

beforeAll(async () => {
  folders = await newFolders();
  for (const name of ['outputs', 'inputs']) await mkdir(join(folders.sfs, name), { recursive: true });
  const [outputs, inputs] = [join(folders.sfs, 'outputs'), join(folders.sfs, 'inputs')];
  fleet = await startFleet({ outputs, inputs, pace: 0, replicas: 1, minReplicas: 1 });
  port = await freePort();
  server = await start();
});
afterAll(async () => {
  await server.end('SIGKILL');
  await fleet.stop();
  await rm(folders.root, { recursive: true, force: true });
});

test('killed while jobs run: each ends once, and its Idempotency-Key still stands for it', async () => {
  const url = `http://127.0.0.1:${port}`;
  const ada = visitor(url);
  await signIn(ada, OPERATOR);
  const program = await apiV2Program({ url }, ada);
  await fleet.control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
  const comfy = comfySdk(url, program.token);
  const body = { workflow: picture() };
  const key = { 'idempotency-key': 'kept' };
  const first = await program.post(body, key);
  const id = String(first.body.id);
  const job = await comfy.submit(comfy.workflows.fromJson(picture()));
  await expect.poll(async () => (await program.get(id)).status).toBe('running');

  await server.end('SIGKILL');
  server = await start();
  await fleet.control.setFaults({ nodes: [] });
  const again = await program.post(body, key);
  expect([again.status, again.body.id, again.headers.get('idempotency-replayed')]).toEqual([201, id, 'true']);
  expect((await program.post({ workflow: picture() }, key)).status).toBe(422);
  expect((await job.wait()).outputs).toHaveLength(1);
  expect((await program.ended(id)).outputs).toHaveLength(1);
});
