import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openComfy, RUN_BUTTON, TOUCHED } from './comfy.ts';

const HERE = new URL('.', import.meta.url);
const sources = readdirSync(HERE)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => ({ name, text: readFileSync(new URL(name, HERE), 'utf8') }));

test('these, and no others, are the insides of ComfyUI that we touch', () => {
  expect(Object.values(TOUCHED).map(({ path }) => path)).toEqual([
    'api.api.fetchApi',
    'api.api.apiURL',
    'api.api.dispatchCustomEvent',
    'app.app.registerExtension',
    'app.app.rootGraph',
    'app.app.graph',
    'app.app.graph.getNodeById',
    'app.app.graph.setDirtyCanvas',
    'app.app.queuePrompt',
    'app.app.canvas.ds',
    'app.app.loadGraphData',
    'app.app.loadApiJson',
    'app.app.extensionManager.setting.get',
    'app.app.extensionManager.registerSidebarTab',
    'app.app.extensionManager.workflow.activeWorkflow',
  ]);
  expect(RUN_BUTTON.split(', ')).toHaveLength(5);
});

test('only main.ts takes hold of it, and only comfy.ts looks into it', () => {
  const users = sources
    .filter(({ text }) => text.includes('comfyAPI') && !text.startsWith('/**'))
    .map(({ name }) => name);
  expect(users.sort()).toEqual(['comfy.ts', 'main.ts']);
  const lookers = sources
    .filter(({ text }) => /document\.querySelector|extensionManager/.test(text))
    .map(({ name }) => name);
  expect(lookers).toEqual(['comfy.ts']);
});

test('the bundle stays small', async () => {
  const script = "console.log(JSON.stringify(await (await import('./scripts/build.mjs')).extensionFiles()))";
  const built = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    maxBuffer: 10_000_000,
  });
  const files = z.array(z.object({ name: z.string(), text: z.string() })).parse(JSON.parse(built.stdout));
  expect(files.map(({ name }) => name)).toEqual(['comfyume.js', 'comfyume.js.map']);
  expect(gzipSync(files[0]!.text).length).toBeLessThan(30_000);
});

/** As the live objects of the front end are: methods that look at `this`. */
function frontEnd() {
  const heard: unknown[] = [];
  const api = {
    base: '/base',
    async fetchApi(route: string) {
      return new Response(this.base + route);
    },
    apiURL(route: string) {
      return `${this.base}/api${route}`;
    },
    dispatchCustomEvent: (type: string, detail: unknown) => heard.push([type, detail]),
  };
  const nodes: Record<string, { comfyClass?: string; type: string }> = {
    1: { type: 'A', comfyClass: 'SaveImage' },
    2: { type: 'Note' },
  };
  const graph = { id: '00000000-0000-0000-0000-000000000000', getNodeById: (id: string) => nodes[id] ?? null };
  return { heard, api, graph, root: { api: { api }, app: { app: { graph } } } };
}

describe('a front end that has it all', () => {
  test('what is not answered goes to its own server, and failures of that are heard', async () => {
    const { api, root } = frontEnd();
    const failed: string[] = [];
    const native = openComfy(root, () => undefined).answerRequests(
      (route) => (route === '/queue' ? Promise.resolve(new Response('ours')) : null),
      (...what) => failed.push(what.join(' ')),
    );
    expect(await (await api.fetchApi('/queue')).text()).toBe('ours');
    expect(await (await api.fetchApi('/object_info')).text()).toBe('/base/object_info');
    expect(await (await native?.('/queue'))?.text()).toBe('/base/queue');
    expect(failed).toEqual([]);
  });

  test('addresses of ours are ours, all others its own', () => {
    const { api, root } = frontEnd();
    openComfy(root, () => undefined).answerAddresses((route) =>
      route === '/view?ours' ? 'https://class/files/1' : null,
    );
    expect(api.apiURL('/view?ours')).toBe('https://class/files/1');
    expect(api.apiURL('/view?other')).toBe('/base/api/view?other');
  });

  test('the open graph: no id where the front end gave none, classes by node', () => {
    const { root } = frontEnd();
    const open = openComfy(root, () => undefined).openGraph();
    expect(open?.id).toBeNull();
    expect(['1', '2', '3'].map((id) => open?.typeOf(id))).toEqual(['SaveImage', 'Note', null]);
  });
});

test('what is not there is told once, in one line, and nothing throws', () => {
  const lines: string[] = [];
  const comfy = openComfy(undefined, (line) => lines.push(line));
  for (let i = 0; i < 3; i += 1) {
    comfy.tell('executed', {});
    comfy.openGraph();
    comfy.answerAddresses(() => null);
    expect(comfy.setting('x')).toBe('');
    expect(comfy.openName()).toBe('');
  }
  expect(
    comfy.answerRequests(
      () => null,
      () => undefined,
    ),
  ).toBeNull();
  expect(new Set(lines).size).toBe(lines.length);
  expect(lines).toContain(
    'comfyume: this ComfyUI has no api.api.fetchApi, so Run, queue and history are ComfyUI’s own. Everything else works.',
  );
});
