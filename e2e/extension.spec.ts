import sharp from 'sharp';
import { expect, test } from './fixtures.ts';
import { completed } from './jobs.ts';
import { layComfy } from './own-comfyui.ts';
import { loginPage } from './pages/login.ts';
import { OPERATOR } from './stage.ts';
import { layWire } from './wire.ts';
import { picture } from './workflows.ts';

test('press Run in ComfyUI, see it arrive on its node, and again after a reload', async ({
  stage,
  open,
  as,
  complaints,
}) => {
  // ComfyUI's own server does not have our files: it is asked once.
  complaints.expect(/status of 404.*\/comfy\/ada\/api\/view/);
  const [ada] = await stage.people('Ada');
  const page = await open(null, { path: '/login' });
  const graph = { id: 'w1', prompt: picture({ prefix: 'shots/dawn' }) };
  const comfy = await layComfy(page, stage.url, { graph });

  await test.step('sign in, in a tab of its own: what is not saved stays', async () => {
    await page.goto(comfy.url);
    page.on('dialog', (dialog) => complaints.hear(`${dialog.type()}: ${dialog.message()}`));
    const opened = page.context().waitForEvent('page');
    await comfy.panel.getByRole('button', { name: 'Sign in' }).click();
    const other = await opened;
    await loginPage(other).signIn(ada!);
    await expect(other).not.toHaveURL(/login/);
    await other.close();
    await page.bringToFront();
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(comfy.panel).toContainText('Press Run');
  });

  await test.step('the panel is not over the Run button, moves by keys, and can be closed', async () => {
    const [panel, run] = [await comfy.panel.boundingBox(), await comfy.run.boundingBox()];
    expect(
      panel!.y + panel!.height <= run!.y || panel!.y >= run!.y + run!.height || panel!.x >= run!.x + run!.width,
    ).toBe(true);
    await comfy.panel.getByRole('button', { name: /^Move/ }).press('ArrowUp');
    expect((await comfy.panel.boundingBox())!.y).toBeLessThan(panel!.y);
  });

  await test.step('it runs, and arrives', async () => {
    await comfy.run.click();
    await expect(comfy.panel).toContainText('Done in');
    await expect(comfy.panel).toContainText('Dawn');
    await expect(comfy.image('7')).toBeVisible();
    await expect(comfy.image('7')).toHaveJSProperty('naturalWidth', 384);
    await expect(comfy.history.getByRole('listitem')).toHaveText(['success']);
    await expect(comfy.jobs.getByRole('listitem')).toHaveText(['completed']);
    await expect(comfy.current).toHaveText('1');
    await expect(comfy.tabs.getByRole('listitem')).toHaveText(['w1: completed']);
    await expect(comfy.running).toHaveText('Idle');
  });
  const { api } = await as(ada!);
  const { items } = await api.jobs.list.query({});
  expect(items.map(({ title, status }) => ({ title, status }))).toEqual([{ title: 'Dawn', status: 'completed' }]);
  expect(await api.jobs.graph.query({ id: items[0]!.id })).toMatchObject({ workflow: { id: 'w1' } });

  await test.step('after a reload it is there again, on this graph and on no other', async () => {
    await page.evaluate(() => document.getElementById('unsaved')?.replaceChildren());
    await page.reload();
    await expect(comfy.image('7')).toBeVisible();
    const workflow = { id: 'w2', nodes: [{ id: 7, type: 'SaveImage' }], links: [], prompt: graph.prompt };
    const { id } = await stage.operator.api.admin.workflows.add.mutate({
      name: 'Handed out',
      workflow,
      prompt: graph.prompt,
    });
    await stage.operator.api.admin.workflows.setOffered.mutate({ id, offered: true });
    await page.evaluate(() => document.getElementById('unsaved')?.replaceChildren());
    await page.goto(`${comfy.url}?comfyume-workflow=${id}`);
    await expect(page).toHaveTitle('Handed out');
    await expect(page).toHaveURL(comfy.url);
    await expect(page.getByRole('button', { name: 'Handed out', exact: true })).toBeVisible();
    await expect(comfy.history.getByRole('listitem')).toHaveCount(1);
    await expect(comfy.image('7')).toHaveCount(0);
    // Other tests run samples on this stage.
    await stage.operator.api.admin.workflows.remove.mutate({ id });
  });
  expect(comfy.asked.filter((what) => what !== 'HEAD /api/view')).toEqual([]);
});

test('a refusal is on its node; inputs go along; all eyes; Clear stops what waits; operators see ids', async ({
  stage,
  open,
  as,
  complaints,
}) => {
  complaints.expect(/status of (400|404)|Prompt execution failed|A file that this node needs/);
  const [ada] = await stage.people('Ada');
  const page = await open(ada!);
  const plate = await sharp({ create: { width: 96, height: 64, channels: 3, background: '#804020' } })
    .png()
    .toBuffer();
  const prompt = {
    '1': { class_type: 'LoadImage', inputs: { image: 'plate.png' } },
    '2': { class_type: 'LoadImage', inputs: { image: 'plate.png [input]' } },
    '3': {
      class_type: 'ImageBlend',
      inputs: { image1: ['1', 0], image2: ['2', 0], blend_factor: 0.5, blend_mode: 'normal' },
    },
    '4': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'comp' } },
  };
  const inputs: Record<string, Buffer> = {};
  const comfy = await layComfy(page, stage.url, { graph: { id: 'w3', prompt }, inputs });
  await page.goto(comfy.url);
  await expect(comfy.panel).toContainText('Press Run');

  await comfy.run.click();
  await expect(comfy.errors).toContainText('"1":{"class_type":"LoadImage"');
  await expect(comfy.panel).toContainText('File “plate.png” not found');
  inputs['plate.png'] = plate;
  await comfy.run.click();
  await expect(comfy.image('4')).toBeVisible();
  await expect(comfy.errors).toBeEmpty();

  await stage.operator.api.admin.queue.pause.mutate();
  try {
    await comfy.run.click();
    await expect(comfy.jobs.getByRole('listitem').first()).toHaveText('pending');
    await expect(comfy.panel).toContainText('Paused by the teacher');
    await stage.operator.api.admin.announcement.set.mutate({ text: 'Look up, please', eyesOnMe: true });
    await expect(comfy.panel).toContainText('Look up, please');
    await stage.operator.api.admin.announcement.clear.mutate();
    await expect(comfy.panel).not.toContainText('Look up');
    await comfy.clear.click();
    await expect(comfy.panel).toContainText('Cancelled');
    // As with ComfyUI's own server: what was cancelled in the queue is gone.
    await expect(comfy.jobs.getByRole('listitem')).toHaveText(['completed']);

    const desk = await open({ id: '', ...OPERATOR }, { path: comfy.url });
    const panel = desk.getByRole('region', { name: 'comfyume: GPU progress' });
    await expect(panel).toContainText('Press Run');
    await desk.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(panel).toContainText(/no endpoint · attempt 0 · HTTP 200/);
    await panel.getByRole('button', { name: 'Cancel “Dawn”' }).click();
    await expect(panel).toContainText('Cancelled');
  } finally {
    await stage.operator.api.admin.queue.resume.mutate();
  }
  const { api } = await as(ada!);
  const { items } = await api.jobs.list.query({});
  expect(items.map(({ status }) => status)).toEqual(['cancelled', 'completed']);
});

test('while the server is away Run keeps the graph, and sends it once', async ({ stage, open, as, complaints }) => {
  complaints.expect(/WebSocket|Failed to load resource/);
  const [ada] = await stage.people('Ada');
  const wire = await layWire(stage.url);
  try {
    const page = await open(ada!);
    const comfy = await layComfy(page, wire.url, { graph: { id: 'w4', prompt: picture() } });
    await page.goto(comfy.url);
    await expect(comfy.panel).toContainText('Press Run');
    wire.cut();
    await comfy.run.click();
    await expect(comfy.panel).toContainText('One run is saved');
    await page.evaluate(() => document.getElementById('unsaved')?.replaceChildren());
    await page.reload();
    await expect(comfy.panel).toContainText('One run is saved');
    wire.mend();
    await expect(comfy.panel).toContainText('Done in');
    await expect(comfy.panel).not.toContainText('saved');
    const { api } = await as(ada!);
    const { items } = await api.jobs.list.query({});
    expect(items).toHaveLength(1);
    await completed(api, items[0]!.id);
  } finally {
    wire.close();
  }
});
