import type { Page } from '@playwright/test';
import { comfyPage, pageWith, type Workflow } from './comfyui-page.ts';
import { test as base, expect } from './fixtures.ts';
import { openStage, type Stage } from './stage.ts';
import { picture } from './workflows.ts';

const graph: Workflow = { id: 'w-own', prompt: picture({ prefix: 'own' }) };

/** As after a job of the day before: the nodes are known, and the GPUs cold again. */
async function readNodes({ operator, fleet }: Stage): Promise<void> {
  const { list, refresh } = operator.api.admin.frontEnds;
  const first = async () => (await list.query()).endpoints[0];
  await refresh.mutate({ id: (await first())?.id ?? '' });
  const isRead = async (): Promise<boolean> => {
    const endpoint = await first();
    return endpoint?.isRunning === false && (endpoint.kept?.classes ?? 0) > 10;
  };
  await expect.poll(isRead, { timeout: 120_000 }).toBe(true);
  await fleet.scaleToZero();
}

const test = base.extend({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from here
    async ({}, use) => {
      const stage = await openStage({ editor: pageWith(graph, true) });
      await readNodes(stage);
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

/** By the gallery's own way, as a person goes. */
async function openComfyui(gallery: Page): Promise<Page> {
  const [tab] = await Promise.all([
    gallery.context().waitForEvent('page'),
    gallery.getByRole('link', { name: 'ComfyUI' }).click(),
  ]);
  await expect(tab).toHaveTitle('ComfyUI');
  await expect(comfyPage(tab).opened).toBeAttached();
  return tab;
}

test('ComfyUI from the class server: opened with every GPU cold, run, a red node, cancelled, and there after a reload', async ({
  stage,
  open,
  ada,
  complaints,
}) => {
  complaints.expect(/status of 400.*\/api\/prompt/);
  complaints.expect(/Prompt execution failed|Prompt outputs failed validation|PromptExecutionError/);
  const gallery = await open(ada);
  const { requests } = await stage.fleet.state();
  const tab = await openComfyui(gallery);
  const comfy = comfyPage(tab);
  const sent = async (): Promise<unknown> => (await stage.fleet.state()).requests['POST /prompt'];

  await test.step('opens without a GPU', async () => {
    await expect(comfy.panel).toBeVisible();
    const after = await stage.fleet.state();
    expect(after.replicas.filter(({ phase }) => phase !== 'gone')).toEqual([]);
    expect(after.requests).toEqual(requests);
  });

  await test.step('runs', async () => {
    await comfy.run.click();
    await expect(comfy.image('7')).toBeVisible();
    await expect(comfy.image('7')).not.toHaveJSProperty('naturalWidth', 0);
    await expect(comfy.tabs).toHaveText('w-own: completed');
    await expect(comfy.history.getByRole('listitem')).toHaveText(['success']);
    // By the name of its workflow.
    await expect(comfy.panel).toContainText('Dawn');
  });

  await test.step('what no GPU has is refused here, and the node is named', async () => {
    const before = await sent();
    const broken = structuredClone(graph.prompt);
    await comfy.open({
      id: 'w-broken',
      prompt: { ...broken, '5': { ...broken['5']!, class_type: 'NoSuchSampler' } },
    });
    await comfy.run.click();
    await expect(comfy.errors).toContainText('NoSuchSampler');
    expect(await sent()).toEqual(before);
  });

  await test.step('cancelled', async () => {
    await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
    try {
      await comfy.open({ id: 'w-held', prompt: picture({ prefix: 'held' }) });
      await comfy.run.click();
      await expect(comfy.tabs).toContainText('w-held: running');
      await tab.evaluate(() => fetch('/api/interrupt', { method: 'POST', body: '{}' }));
      await expect(comfy.tabs).toContainText('w-held: interrupted');
    } finally {
      await stage.fleet.setFaults({ nodes: [] });
    }
  });

  await test.step('there after a reload', async () => {
    await tab.reload();
    await expect(comfy.history.getByRole('listitem').first()).toBeVisible();
    await expect(comfy.jobs.getByRole('listitem')).toHaveText(['cancelled', 'completed']);
  });
});

test('two people have nothing of each other, and what runs in the page cannot reach gallery or Admin', async ({
  stage,
  open,
  ada,
  complaints,
}) => {
  complaints.expect(/status of 40[134]|blocked by CORS|Failed to load|ERR_FAILED|Content Security Policy/);
  const [ben] = await stage.people('Ben');
  const adas = await openComfyui(await open(ada));
  await comfyPage(adas).run.click();
  await expect(comfyPage(adas).image('7')).toBeVisible();
  const picture = await comfyPage(adas).image('7').getAttribute('src');

  const bens = await openComfyui(await open(ben!));
  const status = (page: Page, path: string): Promise<number> =>
    page.evaluate(async (address) => (await fetch(address)).status, path);
  expect(await status(adas, picture ?? '')).toBe(200);
  expect(await status(bens, picture ?? '')).toBe(404);
  await expect(comfyPage(bens).history.getByRole('listitem')).toHaveCount(0);
  expect(await bens.evaluate(async () => (await fetch('/api/history')).json())).toEqual({});

  // As a script of a custom node would try it.
  const tried = await adas.evaluate(async (gallery) => {
    const said = (url: string, init?: RequestInit): Promise<string> =>
      fetch(url, { credentials: 'include', ...init }).then(
        async (answer) => `${answer.status}`,
        () => 'blocked',
      );
    return {
      gallery: await said(`${gallery}/api/trpc/session.me`),
      write: await said(`${gallery}/api/trpc/session.logout`, { method: 'POST', mode: 'no-cors' }),
      admin: await said('/api/trpc/admin.participants.list'),
      account: await said('/api/trpc/session.changePassword', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"current":"x","next":"y"}',
      }),
    };
  }, stage.url);
  expect(tried).toMatchObject({ gallery: 'blocked', write: 'blocked', admin: '404', account: '403' });
});
