import { expectNoFaults } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { workPage } from './pages/work.ts';
import { editorWorkflow, picture } from './workflows.ts';

test('each sample runs', async ({ open, ada }) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await page.getByRole('button', { name: 'Pick a sample' }).click();
  await expect(work.dialog.getByRole('radio')).toHaveCount(4);
  for (const sample of await work.dialog.locator('img').all())
    await expect(sample).not.toHaveJSProperty('naturalWidth', 0);
  await page.keyboard.press('Escape');
  await work.runSample('Test card');
  await expect(work.tiles).toHaveCount(1);
  await work.runSample('Text to image', 'a red bicycle');
  await expect(work.tiles).toHaveCount(2);
  await work.runSample('Four takes');
  await expect(work.tiles).toHaveCount(3);
  await work.runSample('Short film');
  await expect(work.tiles.and(page.getByRole('link', { name: /^Film / }))).toHaveCount(1);
  await expect(work.tiles).toHaveCount(4);
});

test('input is kept until it is run again', async ({ open, ada }) => {
  const page = await open(ada);
  const work = workPage(page);
  const prompt = work.dialog.getByRole('textbox', { name: 'Prompt', exact: true });
  await page.getByRole('button', { name: 'Run a workflow' }).click();
  await work.dialog.getByRole('radio', { name: 'Text to image' }).check();
  await prompt.fill('half a thought');
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('button', { name: 'Run a workflow' }).click();
  await expect(prompt).toHaveValue('half a thought');
});

test('a dropped API workflow runs, under its own name', async ({ open, ada, api }) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await work.drop({ name: 'Night ferry.json', text: JSON.stringify(picture({ prefix: 'ferry' })) });
  await expect(work.dialog).toContainText('Workflow in API format, 7 nodes');
  await work.dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(work.card('Night ferry')).toBeVisible();
  await expect(work.tile('ferry_00001_.png')).toBeVisible();
  expect((await api.jobs.list.query()).items.map(({ title }) => title)).toEqual(['Night ferry']);
});

test('a file can be chosen instead of dropped', async ({ open, ada }) => {
  const page = await open(ada);
  const work = workPage(page);
  await page.getByRole('button', { name: 'Run a workflow' }).click();
  await work.dialog.getByLabel('Choose a workflow file').setInputFiles({
    name: 'chosen.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ prompt: picture({ prefix: 'chosen' }), workflow: editorWorkflow })),
  });
  await work.dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(work.tile('chosen_00001_.png')).toBeVisible();
});

const REFUSED_FILES = [
  [
    'the editor’s own format',
    'draft.json',
    'application/json',
    JSON.stringify(editorWorkflow),
    /editor format, which GPUs cannot run/,
  ],
  ['text', 'notes.json', 'application/json', 'hello', /not JSON/],
  ['another JSON file', 'package.json', 'application/json', '{"name":"x"}', /not a workflow in API format/],
  ['a picture', 'cat.png', 'image/png', 'x', /“cat\.png” contains no workflow/],
] as const;

for (const [what, name, type, text, why] of REFUSED_FILES) {
  test(`${what} is explained, and nothing runs`, async ({ open, ada }) => {
    const page = await open(ada);
    const work = workPage(page);
    await work.empty.waitFor();
    await work.drop({ name, type, text });
    await expect(work.dialog.getByRole('alert')).toHaveText(why);
    await expect(work.dialog.getByRole('button', { name: 'Run', exact: true })).toBeHidden();
    await work.dialog.getByRole('button', { name: 'Show the samples' }).click();
    await expect(work.dialog.getByRole('radio', { name: 'Test card' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(work.cards).toHaveCount(0);
  });
}

test('a workflow that ComfyUI rejects shows which node and why, until it is dismissed', async ({ open, ada }) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await work.drop({ name: 'broken.json', text: JSON.stringify(picture({ steps: 0 })) });
  await work.dialog.getByRole('button', { name: 'Run', exact: true }).click();
  const card = work.card('broken');
  await expect(card).toContainText('ComfyUI could not use this workflow');
  await card.getByRole('button', { name: 'Details' }).click();
  await expect(card.getByRole('listitem')).toHaveText('KSampler: steps — value 0 is below the minimum, 1');
  await page.reload();
  await expect(card).toContainText('KSampler: steps');
  await card.getByRole('button', { name: 'Dismiss' }).click();
  await expect(card).toBeHidden();
  await page.reload();
  await expect(work.results).toBeVisible();
  await expect(card).toBeHidden();
});

test('a workflow that saves nothing is rejected before it is queued', async ({ open, complaints, ada }) => {
  complaints.expect(/status of 400/);
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  const { 7: _save, ...unsaved } = picture();
  await work.drop({ name: 'unsaved.json', text: JSON.stringify(unsaved) });
  await work.dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(work.card('unsaved')).toContainText('it needs a node that saves, such as Save Image');
});

test('a cancelled job stops, delivers nothing, and can be run again', async ({ stage, open, ada }) => {
  const page = await open(ada);
  const work = workPage(page);
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  try {
    await work.runSample('Text to image');
    await expect(work.card('Text to image')).toContainText('Rendering');
    await work.card('Text to image').getByRole('button', { name: 'Cancel' }).click();
    await expect(work.card('Text to image')).toContainText('Cancelled');
    // Messages stay while they are pointed at.
    await page.getByRole('button', { name: 'Run again' }).hover();
    await expectNoFaults(page);
    await expect.poll(async () => (await stage.fleet.state()).replicas.filter(({ running }) => running).length).toBe(0);
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
  }
  await expect(work.empty).toBeVisible();
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(work.tiles).toHaveCount(1);
});

test('the server does not respond: the job is kept and sent when Run is pressed again', async ({
  open,
  complaints,
  ada,
  api,
}) => {
  complaints.expect(/Failed to load resource/);
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await page.route('**/api/trpc/jobs.submit*', (route) => route.abort());
  await work.runSample('Test card');
  await expect(work.card('Test card')).toContainText('Not sent');
  await page.unroute('**/api/trpc/jobs.submit*');
  await work.card('Test card').getByRole('button', { name: 'Send again' }).click();
  await expect(work.tiles).toHaveCount(1);
  expect((await api.jobs.list.query()).items).toHaveLength(1);
});
