import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { openBook } from '#src/extension/book.ts';
import type { Fetch } from '#src/extension/comfy.ts';
import { createHandouts } from '#src/extension/handouts.ts';
import { sendInputs } from '#src/extension/inputs.ts';
import { openHidden } from '#src/extension/memory.ts';
import { createPanels } from '#src/extension/panels.ts';
import { createRun } from '#src/extension/run.ts';
import { connectServer } from '#src/extension/server.ts';
import { newTab } from '#src/extension/tab.testing.ts';
import { layWire } from '../../../../e2e/wire.ts';
import { allRefused, picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { refusal } from '../testing/visitor.ts';

const recorded = z
  .object({ after_run: z.array(z.looseObject({ method: z.string().optional(), json: z.unknown().optional() })) })
  .parse(JSON.parse(await readFile(new URL('../../../extension/fixtures/ui_run.json', import.meta.url), 'utf8')))
  .after_run.find(({ method }) => method === 'POST')?.json;
const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });
/** As the front end posts it: the recorded request with another graph. */
const press = (prompt: Graph, more: object = {}): RequestInit =>
  post({ ...z.looseObject({}).parse(recorded), prompt, ...more });

const zSent = z.object({ prompt_id: z.string(), number: z.number(), node_errors: z.object({}) });
const zRefused = z.object({
  error: z.object({ type: z.string(), message: z.string(), details: z.string(), extra_info: z.object({}) }),
  node_errors: z.record(
    z.string(),
    z.object({ class_type: z.string(), errors: z.array(z.looseObject({ type: z.string() })).min(1) }),
  ),
});
const zQueue = z.object({
  queue_running: z.array(z.tuple([z.number(), z.string()], z.unknown())),
  queue_pending: z.array(z.tuple([z.number(), z.string()], z.unknown())),
});
const zJobs = z.object({
  jobs: z.array(z.object({ id: z.string(), status: z.string() })),
  pagination: z.object({ has_more: z.boolean() }),
});

/** Every run is somebody's. */
const noRefusals = { answer: () => null };
const noFiles: Fetch = async () => new Response(null, { status: 404 });

/** What the extension has in ComfyUI's page, with a real connection of its own. */
async function openPage(person: TestPerson, address: string) {
  const { id, token } = await person.api.session.createToken.mutate({ name: 'ComfyUI' });
  const told: string[] = [];
  const server = connectServer(
    { address, token },
    (message) => book.refreshSoon('jobId' in message ? message.jobId : null),
    (standing) => {
      if (standing.is === 'here') void book.refresh();
      if (standing.is === 'here') void run.sendKept(noFiles, standing.user.id);
    },
  );
  const book = openBook(server, () => undefined);
  const run = createRun(server, noRefusals, {
    pressed: () => undefined,
    sent: (jobId) => book.refreshSoon(jobId),
    kept: () => undefined,
    refused: (message) => told.push(message),
  });
  const notices: string[] = [];
  const answer = createPanels(server, book, openHidden(), {
    refused: (message) => told.push(message),
    notice: (message) => notices.push(message),
  });
  const ask = async (route: string, init?: RequestInit): Promise<Response> => {
    const response = await answer(route, init);
    if (!response) throw new Error(`Nobody answers ${route}.`);
    return response;
  };
  const queue = async () => {
    await book.refresh();
    const { queue_running, queue_pending } = zQueue.parse(await (await ask('/queue')).json());
    return { running: queue_running.map(([, id]) => id), pending: queue_pending.map(([, id]) => id) };
  };
  server.check();
  await server.settled;
  /** Its token is taken back: it hears and asks nothing more. */
  const leave = async (): Promise<void> => {
    await person.api.session.revokeToken.mutate({ id });
    await book.refresh();
    await until('it is signed out', () => server.standing().is === 'signed-out');
  };
  return { server, book, run, told, notices, ask, queue, leave };
}
type Page = Awaited<ReturnType<typeof openPage>>;

const send = async ({ run }: Page, init: RequestInit) =>
  zSent.parse(await (await run.press(noFiles, init, 'Dawn')).json());
async function refused({ run }: Page, init: RequestInit) {
  const response = await run.press(noFiles, init, 'Dawn');
  return { status: response.status, ...zRefused.parse(await response.json()) };
}

const FRIEND = 'http://comfy.test:8188';

describe('the ComfyUI extension', () => {
  let product: ProductUnderTest;
  let ada: TestPerson;
  let page: Page;
  let count = 0;
  beforeAll(async () => {
    product = await productUnderTest({ config: { allowedOrigins: [FRIEND], comfyuiUrl: '/comfy/{user}/' } });
    const dir = join(product.folders.root, 'extension');
    await mkdir(dir);
    await writeFile(join(dir, 'comfyume.js'), 'export {};');
  });
  const newAda = async (): Promise<void> => {
    count += 1;
    ada = await product.participant(`Ada ${count}`);
    newTab();
    page = await openPage(ada, product.url);
  };
  afterAll(async () => {
    vi.unstubAllGlobals();
    await product.stop();
  });
  const statuses = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await ada.api.jobs.list.query({ limit: 200 })).items.map(({ id, status }) => [id, status]));

  describe('while the queue runs', () => {
    beforeAll(newAda);
    const pause = () => product.operator.api.admin.queue.pause.mutate();
    afterAll(pause);

    test('what a worker refuses is in the history, with its node', async () => {
      const { prompt_id } = await send(page, press(allRefused()));
      await until('the refusal', async () => (await statuses())[prompt_id] === 'failed');
      await page.book.refresh();
      const entry: unknown = await (await page.ask(`/history/${prompt_id}`)).json();
      expect(entry).toMatchObject({
        [prompt_id]: {
          status: { status_str: 'error', messages: [{}, ['execution_error', { node_type: 'EmptyImage' }]] },
        },
      });
    });

    test('Interrupt without a name stops what runs, behind a long line too', async () => {
      await product.fleet().control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
      try {
        const { prompt_id } = await send(page, press(picture()));
        await until('it runs', async () => (await statuses())[prompt_id] === 'running');
        await pause();
        await Promise.all(Array.from({ length: 66 }, () => ada.api.jobs.submit.mutate({ prompt: picture() })));
        const queue = await page.queue();
        expect(queue.running).toEqual([prompt_id]);
        expect(queue.pending).toHaveLength(66);
        await page.ask('/interrupt', post({}));
        expect(await page.queue()).toEqual({ ...queue, running: [] });
        await page.leave();
      } finally {
        await product.fleet().control.setFaults({ nodes: [] });
      }
    });
  });

  describe('Run', () => {
    beforeAll(newAda);

    test('a batch of four is four jobs, each with its own graph; the numbers rise', async () => {
      const copies = [picture(), picture(), picture(), picture()];
      const answers = [];
      for (const copy of copies) answers.push(await send(page, press(copy)));
      const numbers = answers.map(({ number }) => number);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      const stored = await Promise.all(answers.map(({ prompt_id }) => ada.api.jobs.graph.query({ id: prompt_id })));
      expect(stored.map(({ prompt }) => prompt)).toEqual(copies);
      const { extra_data } = z.object({ extra_data: z.object({ extra_pnginfo: z.looseObject({}) }) }).parse(recorded);
      expect(stored[3]?.workflow).toEqual(extra_data.extra_pnginfo.workflow);
    });

    test('“Run (front)” is Run; one of some nodes sends what they need', async () => {
      const first = await send(page, press(picture()));
      const front = await send(page, press(picture(), { number: -1, front: true }));
      const whole: Graph = {
        ...picture(),
        20: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'b' } },
      };
      const part = await send(page, press(whole, { partial_execution_targets: ['20'] }));
      expect((await page.queue()).pending.slice(0, 3)).toEqual([part, front, first].map(({ prompt_id }) => prompt_id));
      const { prompt } = await ada.api.jobs.graph.query({ id: part.prompt_id });
      expect(Object.keys(z.object({}).loose().parse(prompt))).toEqual(['1', '20']);
    });

    test('refused in the middle of a batch: each wrong node in ComfyUI’s shape, the others run', async () => {
      const graph = picture();
      const lacking = { class_type: 'SaveImage', inputs: { images: ['77', 0], filename_prefix: 'x' } };
      const before = await send(page, press(picture()));
      const one = await refused(page, press({ ...graph, 9: lacking }));
      const many = await refused(page, press({ ...graph, 9: lacking, 10: { ...lacking, inputs: {} } }));
      const after = await send(page, press(picture()));
      expect(one).toMatchObject({ status: 400, error: { type: 'prompt_outputs_failed_validation' } });
      expect(one.node_errors).toMatchObject({ 9: { class_type: 'SaveImage', errors: [{ type: 'bad_linked_input' }] } });
      expect(Object.keys(many.node_errors)).toEqual(['9', '10']);
      expect(page.told).toHaveLength(2);
      expect(Object.keys(await statuses()).slice(0, 2)).toEqual([after.prompt_id, before.prompt_id]);
    });
  });

  describe('the list of jobs', () => {
    beforeEach(newAda);

    test('is read whole once; afterwards what is alive, and of what is over only what an event names', async () => {
      const over = await ada.api.jobs.submit.mutate({ prompt: picture() });
      await ada.api.jobs.cancel.mutate({ id: over.id });
      const { id } = await ada.api.jobs.submit.mutate({ prompt: picture() });
      const { token } = await ada.api.session.createToken.mutate({ name: 'Another' });
      // One that hears nothing.
      const server = connectServer(
        { address: product.url, token },
        () => undefined,
        () => undefined,
      );
      server.check();
      await server.settled;
      const book = openBook(server, () => undefined);
      const seen = vi.spyOn(globalThis, 'fetch');
      const asked = async (read: () => Promise<void>): Promise<string[]> => {
        seen.mockClear();
        await read();
        const own = seen.mock.calls.filter(
          ([, init]) => new Headers(init?.headers).get('authorization') === `Bearer ${token}`,
        );
        const paths = own.map(([address]) => new URL(String(address)).pathname);
        return paths.flatMap((path) => path.slice('/api/trpc/'.length).split(','));
      };
      try {
        expect(await asked(book.refresh)).toEqual(['jobs.list', 'jobs.list']);
        await ada.api.jobs.cancel.mutate({ id });
        expect(await asked(book.refresh)).toEqual(['jobs.list', 'jobs.get']);
        expect(book.jobs().map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
        expect(await asked(book.refresh)).toEqual(['jobs.list']);
        expect(await asked(book.reread)).toEqual(['jobs.list', 'jobs.list']);
      } finally {
        seen.mockRestore();
      }
    });

    test('of a workflow is found however long ago it was made', async () => {
      const { id } = await ada.api.jobs.submit.mutate({ prompt: picture(), workflow: { id: 'w-old', nodes: [] } });
      await ada.api.jobs.cancel.mutate({ id });
      await ada.api.jobs.submit.mutate({ prompt: picture(), workflow: { id: 'w-new', nodes: [] } });
      expect((await page.book.madeFrom('w-old')).map((job) => [job.id, job.workflowId])).toEqual([[id, 'w-old']]);
    });
  });

  describe('stopping', () => {
    beforeEach(newAda);

    test('one, by each of the ways; another person’s, by none', async () => {
      const sent = [];
      for (let i = 0; i < 5; i += 1) sent.push((await send(page, press(picture()))).prompt_id);
      const [a = '', b = '', c = '', d = '', e = ''] = sent;
      const ben = await product.participant(`Ben ${count}`);
      const { id: his } = await ben.api.jobs.submit.mutate({ prompt: picture() });
      await page.book.refresh();
      for (const [route, body] of [
        ['/queue', { delete: [a, his] }],
        ['/interrupt', { prompt_id: b }],
        ['/interrupt', { prompt_id: his }],
        ['/interrupt', {}],
        ['/jobs/cancel', { job_ids: [c, his] }],
        [`/jobs/${d}/cancel`, {}],
        [`/jobs/${his}/cancel`, {}],
      ] as const)
        expect((await page.ask(route, post(body))).status, route).toBe(200);
      const gone = 'cancelled';
      expect(await statuses()).toEqual({ [a]: gone, [b]: gone, [c]: gone, [d]: gone, [e]: 'queued' });
      expect((await ben.api.jobs.get.query({ id: his })).status).toBe('queued');
      expect((await page.ask(`/jobs/${his}`)).status).toBe(404);
      expect((await page.ask(`/history/${his}`)).status).toBe(404);
    });

    test('what is taken out of the history stays in the gallery, and stays hidden after a reload', async () => {
      const sent: string[] = [];
      await product.operator.api.admin.queue.resume.mutate();
      for (let i = 0; i < 3; i += 1) {
        const { prompt_id } = await send(page, press(allRefused()));
        sent.push(prompt_id);
        await until('it is refused', async () => (await statuses())[prompt_id] === 'failed');
      }
      await product.operator.api.admin.queue.pause.mutate();
      const { prompt_id: cancelled } = await send(page, press(picture()));
      await page.book.refresh();
      await page.ask('/queue', post({ clear: true }));
      const alive = await send(page, press(picture()));
      const zHistory = z.looseObject({});
      const shown = async ({ ask }: Page) => Object.keys(zHistory.parse(await (await ask('/history')).json()));
      const listed = async (route: string) => {
        const { jobs, pagination } = zJobs.parse(await (await page.ask(route)).json());
        return [...jobs.map(({ id }) => id), pagination.has_more];
      };
      await page.book.refresh();
      // What was cancelled is in no list.
      expect(await listed('/jobs?limit=3')).toEqual([alive.prompt_id, sent[2], sent[1], true]);
      expect(await listed('/jobs?limit=3&offset=3')).toEqual([sent[0], false]);
      expect(await shown(page)).toEqual(sent);
      await page.ask('/history', post({ delete: [sent[1]] }));
      expect(page.notices).toEqual([expect.stringMatching(/^Hidden in ComfyUI.*your files stay in the gallery\.$/)]);
      const reloaded = await openPage(ada, product.url);
      expect(await shown(reloaded)).toEqual([sent[0], sent[2]]);
      await reloaded.ask('/history', post({ clear: true }));
      expect(await shown(reloaded)).toEqual([]);
      expect((await statuses())[cancelled]).toBe('cancelled');
      expect(Object.keys(await statuses())).toHaveLength(5);
    });
  });

  describe('input files', () => {
    beforeAll(newAda);
    const asked: string[] = [];
    const files = new Map<string, Buffer>();
    /** ComfyUI's own `/view`, by folder, sub-folder and name. */
    const native: Fetch = async (route, init) => {
      const { searchParams: at } = new URL(route, 'http://comfy.test');
      const name = [at.get('type'), at.get('subfolder'), at.get('filename')].filter(Boolean).join('/');
      asked.push(`${init?.method ?? 'GET'} ${name}`);
      const file = files.get(name);
      const headers = { 'content-length': String(file?.length) };
      return file ? new Response(new Uint8Array(file), { headers }) : new Response(null, { status: 404 });
    };
    const plate = (shade: number, width = 8): Promise<Buffer> =>
      sharp({ create: { width, height: 8, channels: 3, background: { r: shade, g: 0, b: 0 } } })
        .png()
        .toBuffer();
    const loading = (...names: string[]): Graph =>
      Object.fromEntries(names.map((image, at) => [at, { class_type: 'LoadImage', inputs: { image } }]));
    const sendAll = async (graph: Graph) => {
      asked.length = 0;
      const ready = await sendInputs(page.server, native, ada.id, graph);
      const names = Object.values(ready).map(({ inputs }) => inputs.image);
      return { names, fetched: asked.filter((what) => what.startsWith('GET')) };
    };
    beforeEach(() => {
      newTab();
      files.clear();
      page.told.length = 0;
    });

    test('each once, also after a reload; the folder and its kind are kept', async () => {
      files.set('input/sub/a.png', await plate(1));
      files.set('output/made.png', await plate(2));
      files.set('temp/seen.png', await plate(3));
      const graph = loading('sub/a.png', 'sub/a.png [input]', 'made.png [output]', 'seen.png [temp]');
      const first = await sendAll(graph);
      expect(first.fetched).toEqual(['GET input/sub/a.png', 'GET output/made.png', 'GET temp/seen.png']);
      expect(first.names).toEqual(['sub/a.png', 'sub/a.png [input]', 'made.png', 'seen.png']);
      page = await openPage(ada, product.url);
      expect(await sendAll(graph)).toEqual({ names: first.names, fetched: [] });
    });

    test('one that has changed is sent again, also from a browser that had not sent it before', async () => {
      files.set('input/a.png', await plate(1));
      await sendAll(loading('a.png'));
      files.set('input/a.png', await plate(2, 640));
      expect((await sendAll(loading('a.png'))).names).toEqual(['a (1).png']);
      newTab();
      files.set('input/a.png', await plate(3, 1280));
      expect((await sendAll(loading('a.png'))).names).toEqual(['a (2).png']);
    });

    test('what ComfyUI lacks too is left for the server to name', async () => {
      expect(await sendAll(loading('lost.png'))).toEqual({ names: ['lost.png'], fetched: [] });
      expect((await refused(page, press({ ...picture(), ...loading('lost.png') }))).node_errors).toMatchObject({
        0: { class_type: 'LoadImage' },
      });
    });

    test('of three hundred, the last one goes along too', async () => {
      const names = Array.from({ length: 300 }, (_, at) => `${at}.png`);
      const upload = await plate(9);
      for (const name of names) files.set(`input/${name}`, upload);
      await sendAll(loading('0.png'));
      const known = names.slice(0, -1).map((name) => [`input/${name}`, { print: `  ${upload.length}`, name: '0.png' }]);
      window.localStorage.setItem(`comfyume.inputs.${ada.id}`, JSON.stringify(Object.fromEntries(known)));
      const sent = await sendAll(loading(...names));
      expect(sent.fetched).toEqual(['GET input/299.png']);
      expect(sent.names).toEqual([...known.map(() => '0.png'), '299.png']);
    });

    test('what the server does not take, and a ComfyUI that is away, are told and not kept', async () => {
      files.set('input/broken.png', Buffer.from('no picture'));
      const graph = press({ ...picture(), ...loading('broken.png') });
      const text = await (await page.run.press(native, graph, '')).text();
      expect(text).toContain('broken.png');
      const away: Fetch = () => Promise.reject(new TypeError('Failed to fetch'));
      const said = await page.run.press(away, graph, '');
      expect(zRefused.parse(await said.json()).error.message).toContain('ComfyUI’s own server does not respond');
      expect(page.told).toHaveLength(2);
      expect(page.run.kept()).toBe(0);
    });
  });

  describe('workflows of the class', () => {
    beforeAll(newAda);
    const opened: unknown[] = [];
    const told: string[] = [];
    const notices: string[] = [];
    const load = async (...what: unknown[]): Promise<void> => void opened.push(what);
    const openHandouts = () =>
      createHandouts(page.server, { load }, { trouble: (why) => told.push(why), notice: (what) => notices.push(what) });
    const add = async (name: string) => {
      const { workflows } = product.operator.api.admin;
      const { id } = await workflows.add.mutate({ name, workflow: { name, nodes: [] } });
      await workflows.setOffered.mutate({ id, offered: true });
      return id;
    };
    beforeEach(() => {
      opened.length = 0;
      told.length = 0;
      notices.length = 0;
    });

    test('one that the operator opens is opened once in each browser, each time that the operator opens it', async () => {
      const id = await add('Together');
      for (const times of [1, 2]) {
        await product.operator.api.admin.announcement.openWorkflow.mutate({ id });
        const announced = await ada.api.announcement.get.query();
        openHandouts().openAnnounced(announced);
        openHandouts().openAnnounced(announced);
        await until('it is opened', () => opened.length === times);
      }
      expect(opened).toEqual([1, 2].map(() => ['Together', { name: 'Together', nodes: [] }, null]));
      openHandouts().openAnnounced(null);
      expect([opened.length, told]).toEqual([2, []]);
      await until('it is said', () => notices.length === 2);
      expect(notices[0]).toMatch(/^The teacher opened “Together” for everyone in a new tab/);
    });

    test('one in the address is opened, and leaves the rest of the address', async () => {
      const id = await add('Addressed');
      const { location } = newTab(`http://comfy.test/comfy/ada/?a=1&comfyume-workflow=${id}#x`);
      await openHandouts().openAddressed();
      expect(location.href).toBe('http://comfy.test/comfy/ada/?a=1#x');
      await openHandouts().openAddressed();
      expect(opened).toHaveLength(1);
    });

    test('one that the gallery has handed over is opened for its owner only', async () => {
      const given = { name: 'Mine', workflow: { name: 'Mine', nodes: [] } };
      const { id } = await ada.api.workflows.handOver.mutate(given);
      newTab(`http://comfy.test/?comfyume-workflow=${id}`);
      await openHandouts().openAddressed();
      expect(opened).toEqual([['Mine', given.workflow, null]]);
      const refused = await refusal(product.operator.api.workflows.get.query({ id }));
      expect(refused.message).toBe('Workflow not found.');
      const notEditors = ada.api.workflows.handOver.mutate({ name: 'x', workflow: picture() });
      expect((await refusal(notEditors)).appError).toBe('invalid_graph');
    });

    test.each(['comfyume-workflow', 'comfyume-result'])('%s that is not there is told', async (what) => {
      newTab(`http://comfy.test/?${what}=6f1c1e5e-8a38-4a7e-9d0a-0d3d8ad2c5d1`);
      await openHandouts().openAddressed();
      expect(opened).toEqual([]);
      expect(told).toEqual([expect.stringMatching(/^Could not open it: (Workflow|Result) not found/)]);
    });
  });

  describe('away', () => {
    beforeEach(newAda);

    test('a run that was not answered is sent once, when it is answered again', async () => {
      const wire = await layWire(product.url);
      try {
        const far = await openPage(ada, wire.url);
        expect(far.server.standing().is).toBe('here');
        const first = await send(far, press(picture()));
        await far.book.refresh();
        wire.cut();
        expect((await far.ask('/interrupt', post({ prompt_id: first.prompt_id }))).status).toBe(503);
        expect(far.told).toEqual(['Could not stop it. The class server does not respond.']);
        const known = far.book.jobs();
        await far.book.refresh();
        expect(far.book.jobs()).toBe(known);
        await send(far, press(picture()));
        expect([far.server.standing().is, far.run.kept()]).toEqual(['away', 1]);
        wire.mend();
        await until('it is sent', () => far.run.kept() === 0);
        expect(Object.keys(await statuses())).toHaveLength(2);
      } finally {
        wire.close();
      }
    });

    test('a node that only the GPUs have cannot be sent, and is named', async () => {
      const nodes = [{ id: 2, type: 'Upscale' }];
      const body = { prompt: { 2: { inputs: {} } }, extra_data: { extra_pnginfo: { workflow: { nodes } } } };
      const { status, error } = await refused(page, { method: 'POST', body: JSON.stringify(body) });
      expect([status, error.type]).toEqual([400, 'missing_node_type']);
      expect(error.message).toContain('“Upscale”');
      expect(page.told.at(-1)).toBe(error.message);
    });

    test('what is kept survives a reload, and is not run by whoever signs in next', async () => {
      const wire = await layWire(product.url);
      try {
        const far = await openPage(ada, wire.url);
        await send(far, press(picture()));
        wire.cut();
        await send(far, press(picture()));
        const ben = await product.participant(`Ben ${count}`);
        expect((await openPage(ben, product.url)).run.kept()).toBe(0);
        expect((await ben.api.jobs.list.query({})).items).toEqual([]);
      } finally {
        wire.close();
      }
    });

    test('without anybody signed in nothing runs and nothing is listed', async () => {
      await ada.api.session.logout.mutate();
      const server = connectServer(
        { address: product.url, token: '' },
        () => undefined,
        () => undefined,
      );
      const told: string[] = [];
      const run = createRun(server, noRefusals, {
        pressed: () => undefined,
        sent: () => undefined,
        kept: () => undefined,
        refused: (why) => told.push(why),
      });
      server.check();
      expect((await run.press(noFiles, press(picture()), '')).status).toBe(401);
      expect(told).toEqual(['Sign in to run this.']);
      const answer = createPanels(
        server,
        openBook(server, () => undefined),
        openHidden(),
        { refused: (why) => told.push(why), notice: () => undefined },
      );
      expect(await (await answer('/history', undefined))?.json()).toEqual({});
      expect(await (await answer('/queue', undefined))?.json()).toEqual({ queue_running: [], queue_pending: [] });
    });
  });

  describe('what it stands on', () => {
    test('anybody may read the file, from the sites that are named too; unchanged it is not sent again', async () => {
      const nobody = product.visitor();
      const response = await nobody.fetch('/extension/comfyume.js', { headers: { origin: FRIEND } });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
      expect(response.headers.get('access-control-allow-origin')).toBe(FRIEND);
      const etag = response.headers.get('etag') ?? '';
      expect(
        (
          await nobody.fetch('/extension/comfyume.js', {
            headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
          })
        ).status,
      ).toBe(304);
      const stranger = await nobody.fetch('/extension/comfyume.js', { headers: { origin: 'http://elsewhere.test' } });
      expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
    });

    test.each([
      ['GET', '/extension/', 404],
      ['GET', '/extension/comfyume.js.map', 404],
      ['GET', '/extension/..%2f..%2fetc%2fpasswd', 404],
      ['POST', '/extension/comfyume.js', 405],
    ])('%s %s is answered with %i', async (method, path, status) =>
      expect((await product.visitor().fetch(path, { method })).status).toBe(status),
    );

    test('files may be asked for with a token from a site that is named', async () => {
      const response = await product.visitor().fetch('/files/x/y.png', {
        method: 'OPTIONS',
        headers: { origin: FRIEND, 'access-control-request-headers': 'authorization' },
      });
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
    });

    test('a browser signs in its socket by a token among the protocols, which is never repeated', async () => {
      const person = await product.participant('Ada');
      const { token } = await person.api.session.createToken.mutate({ name: 'ComfyUI' });
      const open = (protocols: string[]) =>
        new Promise<string | number>((resolve, reject) => {
          const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/trpc`, protocols);
          socket.on('open', () => {
            resolve(socket.protocol);
            socket.terminate();
          });
          socket.on('unexpected-response', (request, response) => {
            request.destroy();
            resolve(response.statusCode ?? 0);
          });
          socket.on('error', reject);
        });
      expect(await open(['comfyume', `comfyume.token.${token}`])).toBe('comfyume');
      expect(await open(['comfyume', 'comfyume.token.nonsense'])).toBe(401);
      expect(await open(['comfyume'])).toBe(401);
    });

    test('where ComfyUI is, is told', async () =>
      expect((await product.visitor().api.session.info.query()).comfyuiUrl).toBe('/comfy/{user}/'));
  });
});
