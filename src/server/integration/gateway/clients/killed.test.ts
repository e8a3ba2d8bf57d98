import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningFleet, startFleet } from '#src/simulator/start-fleet.ts';
import { type ComfyuiProgram, programOf } from '../../testing/comfyui-program.ts';
import { freePort } from '../../testing/free-port.ts';
import { picture } from '../../testing/graphs.ts';
import { stableCanvas } from '../../testing/npm-clients.ts';
import { type Folders, newFolders, OPERATOR, signIn } from '../../testing/product-under-test.ts';
import { type ServerProcess, startServer } from '../../testing/server-process.ts';
import { until } from '../../testing/until.ts';
import { type Visitor, visitor } from '../../testing/visitor.ts';

let folders: Folders;
let fleet: RunningFleet;
let server: ServerProcess;
let ada: Visitor;
let program: ComfyuiProgram;
let port: number;

const start = (): Promise<ServerProcess> =>
  startServer({
    PORT: String(port),
    PUBLIC_URL: 'http://127.0.0.1',
    COMFYUI_ORIGIN: 'http://localhost',
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

test('killed while jobs run: every client finishes once', async () => {
  const url = `http://127.0.0.1:${port}`;
  const operator = visitor(url);
  await signIn(operator, OPERATOR);
  await operator.api.admin.settings.change.mutate({ inFlightCap: 5 });
  const [made] = await operator.api.admin.participants.create.mutate({ names: ['Ada'] });
  ada = visitor(url);
  await signIn(ada, { name: 'Ada', password: made?.passphrase ?? '' });
  const comfyuiUrl = url.replace('127.0.0.1', 'localhost');
  program = await programOf({ comfyuiUrl }, ada);
  await fleet.control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });

  const stable = await stableCanvas(comfyuiUrl, program.token, 'stable-canvas');
  const first = await program.listen('raw');
  const page = await program.listen('page');
  page.send(JSON.stringify({ type: 'feature_flags', data: {} }));
  await page.heard('feature_flags');

  // One runs, the others wait behind it.
  const raw = await program.run(picture(), { client_id: 'raw' });
  await first.heard('execution_start');
  const seen = await program.run(picture(), { client_id: 'page' });
  const polled = await program.run(picture());
  const stableEnds: number[] = [];
  const stableEnd = stable.enqueue(picture()).then(({ images }) => stableEnds.push(images.length));
  await until('stable-canvas to wait for its results', () => stable.registered.includes('executed'));
  await until('all prompts to be there', async () => {
    const { body } = await program.json('/prompt');
    return Object(body.exec_info).queue_remaining === 4;
  });

  await server.end('SIGKILL');
  await Promise.all([first.closed, page.closed]);
  server = await start();
  await fleet.control.setFaults({ nodes: [] });
  const second = await program.listen('raw');
  await second.heard('executing null');
  expect(
    [...first.of(raw.prompt_id), ...second.of(raw.prompt_id)].filter((name) => name === 'execution_start'),
  ).toEqual(['execution_start']);
  expect(second.of(raw.prompt_id).slice(-3)).toEqual(['executed 9', 'execution_success', 'executing null']);
  const reloaded = await program.listen('page');
  reloaded.send(JSON.stringify({ type: 'feature_flags', data: {} }));
  await reloaded.heard('executing null');
  expect(reloaded.of(seen.prompt_id).filter((name) => name === 'execution_success')).toHaveLength(1);
  await stableEnd;
  expect(stableEnds).toEqual([1]);
  for (const { prompt_id } of [raw, seen, polled])
    expect(await program.ended(prompt_id)).toMatchObject({ status: { completed: true } });
  stable.close();
  await Promise.all([second.close(), reloaded.close()]);
});
