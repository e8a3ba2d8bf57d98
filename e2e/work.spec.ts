import type { Graph } from '#src/domain/workflow/graph.ts';
import { expect, test } from './fixtures.ts';
import { completed, runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { markPage } from './same-page.ts';
import { layWire } from './wire.ts';
import { picture } from './workflows.ts';

test('the usual duration is shown once enough was measured, and when a job takes longer', async ({
  stage,
  open,
  ada,
  api,
}) => {
  const like = () => picture({ width: 320, height: 200, steps: 3 });
  await Promise.all([1, 2, 3].map(() => runJob(api, { prompt: like() })));
  const page = await open(ada);
  const work = workPage(page);
  await work.tiles.first().waitFor();
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  try {
    await api.jobs.submit.mutate({ title: 'Slow', prompt: like() });
    await expect(work.card('Slow')).toContainText(/Rendering · \d:\d\d/);
    await expect(work.card('Slow')).toContainText(/usual/);
    await expect(work.card('Slow')).toContainText(/longer than usual \(.+ s\)/);
    const { height } = (await work.card('Slow').boundingBox()) ?? { height: 0 };
    await api.jobs.submit.mutate({ title: 'Second', prompt: like() });
    await api.jobs.submit.mutate({ title: 'Queued', prompt: like() });
    // It may stand behind the other on one replica.
    await expect(work.card('Second')).not.toContainText('Next');
    await expect(work.card('Queued')).toContainText(/^Queueda lighthouse at duskNext( · .+)?Cancel$/);
    await expect.poll(async () => (await work.card('Queued').boundingBox())?.height).toBe(height);
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
  }
  await work.card('Queued').filter({ hasText: 'Done in' }).waitFor();
  await expect(work.cards).toHaveCount(0);
});

const twoHalves: Graph = {
  '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 48, batch_size: 2, color: 900 } },
  '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'first' } },
  '3': { class_type: 'EmptyImage', inputs: { width: 64, height: 48, batch_size: 2, color: 901 } },
  '4': { class_type: 'ImageInvert', inputs: { image: ['3', 0] } },
  '5': { class_type: 'SaveImage', inputs: { images: ['4', 0], filename_prefix: 'second' } },
};

test('progress: the files that have arrived, of those expected', async ({ stage, open, ada, api }) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageInvert' }] });
  try {
    await api.jobs.submit.mutate({ title: 'Halves', prompt: twoHalves });
    await expect(work.card('Halves')).toContainText('2 of 4 pictures');
    const bar = page.getByRole('progressbar', { name: 'Files of Halves' });
    await expect(bar).toHaveAttribute('aria-valuenow', '2');
    await expect(bar).toHaveAttribute('aria-valuemax', '4');
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
  }
  await work.card('Halves').filter({ hasText: 'Done in' }).waitFor();
});

test('pausing and resuming of the queue shows at once', async ({ stage, open, ada, api }) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  const { queue } = stage.operator.api.admin;
  await queue.pause.mutate({});
  try {
    const { id } = await api.jobs.submit.mutate({ title: 'Patient', prompt: picture() });
    await expect(work.card('Patient')).toContainText('Paused by the teacher');
    await expect(work.card('Patient')).toContainText('Next when the queue resumes.');
    await queue.resume.mutate();
    await expect(work.card('Patient')).not.toContainText('Paused');
    await completed(api, id);
    await api.jobs.submit.mutate({ title: 'Held', prompt: picture() });
  } finally {
    await queue.resume.mutate();
  }
});

test('draining: Work says that no new jobs are accepted, and Run why it is off, until the queue is open', async ({
  stage,
  open,
  ada,
  api,
}) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await stage.fleet.setFaults({ nodes: [{ kind: 'outOfMemory', classType: 'KSampler' }] });
  await api.jobs.submit.mutate({ title: 'Too large', prompt: picture() });
  const again = work.card('Too large').getByRole('button', { name: 'Try again' });
  await expect(again).toBeEnabled();
  const { queue } = stage.operator.api.admin;
  const note = page.getByText('The teacher is not accepting new jobs now.');
  const run = work.dialog.getByRole('button', { name: 'Run', exact: true });
  await queue.drain.mutate();
  try {
    await expect(note).toBeVisible();
    await expect(again).toBeDisabled();
    await page.keyboard.press('r');
    await expect(run).toBeDisabled();
    await expect(work.dialog).toContainText('Jobs in the queue still run. Your input here is kept.');
    await work.dialog.getByRole('textbox', { name: 'Prompt', exact: true }).press('Control+Enter');
    await expect(work.dialog).toBeVisible();
    expect((await api.jobs.list.query()).items).toHaveLength(1);
    await queue.resume.mutate();
    await expect(run).toBeEnabled();
    await page.keyboard.press('Escape');
    await expect(note).toBeHidden();
    await queue.pause.mutate({});
    await expect(page.getByText('The teacher has paused the queue. New jobs wait until it resumes.')).toBeVisible();
  } finally {
    await queue.resume.mutate();
    await stage.fleet.setFaults({ nodes: [] });
  }
});

test('whose work this is, and of which class; Now is small until something runs, and then keeps its height', async ({
  stage,
  open,
  ada,
  api,
}) => {
  await stage.operator.api.admin.settings.change.mutate({ classTitle: 'Documentary' });
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await expect(page.getByText(ada.name)).toBeVisible();
  await expect(page.getByText('Documentary', { exact: true })).toBeVisible();
  await stage.operator.api.admin.settings.change.mutate({ classTitle: '' });
  const now = page.getByRole('region', { name: 'Now' });
  const height = async (): Promise<number> => (await now.boundingBox())?.height ?? 0;
  await expect(now).toContainText('Nothing is running.');
  await expect.poll(height).toBeLessThan(60);
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  await api.jobs.submit.mutate({ prompt: picture() });
  await expect(work.cards).toHaveCount(1);
  const withCard = await height();
  await stage.fleet.setFaults({ nodes: [] });
  await expect(work.cards).toHaveCount(0);
  await expect.poll(height).toBe(withCard);
});

test('a model or a node that the GPUs do not have: what is there instead, and nothing that would fail again', async ({
  open,
  ada,
  api,
}) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await api.jobs.submit.mutate({ title: 'Other model', prompt: picture({ model: 'sd_xl_base_0.9.safetensors' }) });
  const model = work.card('Other model');
  await expect(model).toContainText('“sd_xl_base_0.9.safetensors” is not available; available: sd_xl_base_1.0');
  await api.jobs.submit.mutate({
    title: 'Other node',
    prompt: { ...picture(), 99: { class_type: 'NoSuchNode', inputs: {} } },
  });
  const node = work.card('Other node');
  await expect(node).toContainText('NoSuchNode — this node is not installed on the workers');
  for (const card of [model, node]) {
    await expect(card.getByRole('button', { name: 'Dismiss' })).toBeVisible();
    await expect(card.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  }
});

test('a failure says what to do; dismissing it can be undone', async ({ open, ada, api }) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await api.jobs.submit.mutate({ title: 'Broken', prompt: picture({ steps: 0 }) });
  const card = work.card('Broken');
  await expect(card).toContainText('ComfyUI could not use this workflow');
  await expect(card).toContainText('KSampler: steps');
  await card.getByRole('button', { name: 'Details' }).click();
  await expect(card).toContainText('Fix the workflow and run again');
  await expect(card.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await card.getByRole('button', { name: 'Dismiss' }).click();
  await expect(card).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card).toBeVisible();
  await card.getByRole('button', { name: 'Dismiss' }).click();
  await page.reload();
  await work.empty.waitFor();
  await expect(card).toBeHidden();
});

test('results that arrived while disconnected are announced in one message', async ({
  stage,
  open,
  complaints,
  ada,
  api,
}) => {
  complaints.expect(/WebSocket|Failed to load resource/);
  const wire = await layWire(stage.url);
  try {
    const page = await open(ada, { baseURL: wire.url });
    const work = workPage(page);
    await work.empty.waitFor();
    const stayed = await markPage(page);
    wire.cut();
    await expect(page.getByText('Live updates are off, reconnecting.')).toBeVisible();
    await runJob(api, { prompt: picture({ batch: 3 }) });
    wire.mend();
    await expect(page.getByText('3 new results while you were away')).toBeVisible();
    await expect(work.tiles.first()).toBeVisible();
    await stayed();
  } finally {
    wire.close();
  }
});

test('likewise where the page was never connected before', async ({ open, complaints, ada, api }) => {
  complaints.expect(/WebSocket/);
  const page = await open(ada);
  await page.addInitScript(() => {
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL) {
        super(document.documentElement.dataset.mended ? url : String(url).replace('trpc', 'nothing'));
      }
    };
  });
  await page.reload();
  await workPage(page).empty.waitFor();
  await expect(page.getByText('Live updates are off, reconnecting.')).toBeVisible();
  await runJob(api, { prompt: picture({ batch: 3 }) });
  await page.evaluate(() => {
    document.documentElement.dataset.mended = 'yes';
  });
  await expect(page.getByText('3 new results while you were away')).toBeVisible();
});

test('signed out everywhere, another window goes to the login page and makes no further calls', async ({
  open,
  complaints,
  ada,
}) => {
  complaints.expect(/401|WebSocket/);
  const page = await open(ada);
  await workPage(page).empty.waitFor();
  const other = await open(ada, { path: '/account' });
  let calls = 0;
  page.on('websocket', () => {
    calls += 1;
  });
  await other.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect(calls).toBe(0);
});
