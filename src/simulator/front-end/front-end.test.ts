import { afterAll, beforeAll, expect, test } from 'vitest';
import { startReplica, type TestReplica, until } from '../replica.testing.ts';
import { frontEndFiles } from './front-end-files.ts';

let replica: TestReplica;
beforeAll(async () => {
  replica = await startReplica({ version: '0.33.0' });
});
afterAll(() => replica.stop());

const read = async (path: string): Promise<{ status: number; type: string | null; text: string }> => {
  const response = await fetch(replica.url + path);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

test('a replica serves every file of its front end, and the page at the root', async () => {
  for (const [path, file] of frontEndFiles(1))
    expect(await read(path === 'index.html' ? '/' : `/${path}`), path).toEqual({
      status: 200,
      type: file.type,
      text: file.body.toString(),
    });
  expect(JSON.parse((await read('/api/extensions')).text)).toEqual([
    '/extensions/core/groupNode.js',
    '/extensions/simulated-pack/js/main.js',
  ]);
  expect((await read('/assets/none.js')).status).toBe(404);
});

test('an update gives it other files under other names, and another version', async () => {
  const [old] = [...frontEndFiles(1).keys()].filter((path) => path.startsWith('assets/index-'));
  replica.send({ type: 'update', update: 2 });
  const page = frontEndFiles(2).get('index.html')?.body.toString();
  await until(async () => (await read('/')).text === page);
  expect((await read(`/${old}`)).status).toBe(404);
  expect(JSON.parse((await read('/system_stats')).text)).toMatchObject({
    system: {
      required_frontend_version: '1.27.11',
      comfy_package_versions: [{ name: 'comfyui-frontend-package', installed: '1.27.11' }, { installed: null }],
    },
  });
});
