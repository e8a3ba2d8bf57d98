import type { Page } from '@playwright/test';
import { test as base, expect } from './fixtures.ts';
import { completed, runJob } from './jobs.ts';
import { layComfy } from './own-comfyui.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR, openStage, type Stage } from './stage.ts';
import { picture } from './workflows.ts';

/** One GPU, so that whatever runs is heard from its beginning. It shows previews, as with `--preview-method auto`. */
const test = base.extend<object, { stage: Stage }>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from here
    async ({}, use) => {
      const stage = await openStage({ previews: true, replicas: 1 });
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

const STEP = /KSampler: step (\d+) of 400/;
const LEFT = /KSampler: step \d+ of 400, about \d+ (s|min) left/;

const card = {
  '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 0 } },
  '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'card' } },
};

/** How many preview pictures have come to this page. */
function countPictures(page: Page): () => number {
  let count = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (String(payload).includes('data:image/')) count += 1;
    }),
  );
  return () => count;
}

test('steps, preview and percentage on the card, on the job’s page and on the node; then a worker’s sockets are cut', async ({
  stage,
  open,
  as,
  complaints,
}) => {
  complaints.expect(/status of 404.*\/comfy\/ada\/api\/view/);
  const [ada] = await stage.people('Ada');
  const { api } = await as(ada!);
  // A socket that is open stays for the next run, which is then heard from its beginning.
  await expect(async () => {
    await runJob(api, { prompt: card, title: 'First' });
    expect((await stage.fleet.state()).requests['GET /ws']?.['101']).toBeGreaterThan(0);
  }).toPass();
  const page = await open(ada!);
  const comfy = await layComfy(page, stage.url, { graph: { id: 'w1', prompt: picture({ steps: 400 }) } });
  await page.goto(comfy.url);
  await expect(comfy.panel).toContainText('First');
  const workTab = await open(ada!);
  const work = workPage(workTab);
  const calm = await open(ada!, { reducedMotion: 'reduce', path: '/wall' });
  const picturesOfCalm = countPictures(calm);
  await calm.goto('/');

  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'CheckpointLoaderSimple' }] });
  await comfy.run.click();
  await test.step('the model is loaded', async () => {
    await expect(comfy.panel).toContainText('Loading the model');
    await expect(comfy.nodes.getByRole('listitem')).toHaveText(['1: 0 of 1']);
    await expect(work.card('Dawn')).toContainText('Loading the model');
  });

  await stage.fleet.setFaults({ nodes: [], slowByMs: 300 });
  await test.step('in ComfyUI', async () => {
    await expect(comfy.nodes.getByRole('listitem')).toHaveText([/^5: \d+ of 400$/]);
    await expect(comfy.preview('5')).toHaveJSProperty('complete', true);
    await expect(comfy.preview('5')).not.toHaveJSProperty('naturalWidth', 0);
    await expect(comfy.oldPreview).toHaveText('image/jpeg of node 5');
    await expect(page).toHaveTitle(/^\[\d+%\] ComfyUI$/);
    await expect(comfy.panel).toContainText(LEFT);
    await expect(comfy.tabs.getByRole('listitem')).toHaveText(['w1: running']);
  });

  await test.step('on the card', async () => {
    const card = work.card('Dawn');
    await expect(card).toContainText(LEFT);
    await expect(card.getByRole('progressbar', { name: 'Steps of Dawn' })).toHaveAttribute('aria-valuemax', '400');
    await expect(card.getByAltText('Preview of Dawn')).not.toHaveJSProperty('naturalWidth', 0);
  });

  const { items } = await api.jobs.list.query({ limit: 1 });
  const desk = await open({ id: '', ...OPERATOR }, { path: `/admin/jobs/${items[0]!.id}` });
  await test.step('for operators, on the job’s page', async () => {
    const state = desk.getByRole('region', { name: 'Rendering' });
    await expect(state).toContainText(LEFT);
    await expect(state.getByRole('progressbar', { name: 'Steps of Dawn' })).toBeVisible();
    await expect(state.getByAltText('Preview of Dawn')).not.toHaveJSProperty('naturalWidth', 0);
  });

  await test.step('with less motion: steps, and no picture comes', async () => {
    await expect(workPage(calm).card('Dawn')).toContainText(STEP);
    await expect(workPage(calm).card('Dawn').getByAltText('Preview of Dawn')).toHaveCount(0);
    expect(picturesOfCalm()).toBe(0);
  });

  await test.step('another graph is opened: nothing runs on it; and back', async () => {
    await comfy.open({ id: 'w2', prompt: picture() });
    await expect(comfy.panel).toContainText(STEP);
    await expect(comfy.nodes.getByRole('listitem')).toHaveCount(0);
    await comfy.open({ id: 'w1', prompt: picture({ steps: 400 }) });
    await expect(comfy.nodes.getByRole('listitem')).toHaveText([/^5: \d+ of 400$/]);
  });

  await test.step('a reload in mid-run', async () => {
    await page.evaluate(() => document.getElementById('unsaved')?.replaceChildren());
    await page.reload();
    await expect(comfy.nodes.getByRole('listitem')).toHaveText([/^5: \d+ of 400$/]);
    await expect(comfy.preview('5')).not.toHaveJSProperty('naturalWidth', 0);
    await expect(page).toHaveTitle(/^\[\d+%\] ComfyUI$/);
  });

  await test.step('cut sockets come back, and the run ends in the page', async () => {
    const stepOf = async (): Promise<number> => Number(STEP.exec((await comfy.panel.textContent()) ?? '')?.[1]);
    expect(await stage.fleet.dropSockets()).toBeGreaterThan(0);
    const before = await stepOf();
    await expect.poll(stepOf).toBeGreaterThan(before + 5);
    await stage.fleet.dropSockets();
    await stage.fleet.setFaults({ slowByMs: 0 });
    await completed(api, items[0]!.id);
    await expect(comfy.image('7')).toBeVisible();
    await expect(comfy.panel).toContainText('Done in');
    await expect(comfy.running).toHaveText('Idle');
    await expect(comfy.nodes.getByRole('listitem')).toHaveCount(0);
    await expect(page).toHaveTitle('ComfyUI');
    await expect(work.card('Dawn')).toContainText('Done');
    await expect(desk.getByText('Done', { exact: true })).toBeVisible();
  });
});

test('a button in ComfyUI’s panel works, however often the panel changes while it is pressed', async ({
  stage,
  open,
}) => {
  const [ada] = await stage.people('Ada');
  const page = await open(ada!);
  const comfy = await layComfy(page, stage.url, { graph: { id: 'w3', prompt: picture({ steps: 400 }) } });
  await page.goto(comfy.url);
  await expect(comfy.panel).toContainText('Press Run');
  await stage.fleet.setFaults({ slowByMs: 300 });
  try {
    await comfy.run.click();
    await expect(comfy.panel).toContainText(STEP);
    await comfy.panel.getByRole('button', { name: 'Cancel “Dawn”' }).hover();
    await page.mouse.down();
    // Steps that are heard change the panel too.
    for (let heard = 0; heard < 3; heard++)
      await expect(comfy.nodes).not.toHaveText((await comfy.nodes.textContent()) ?? '');
    await page.mouse.up();
    await expect(comfy.panel).toContainText('Cancelled');
  } finally {
    await stage.fleet.setFaults({ slowByMs: 0 });
  }
});
