import type { Locator, Page } from '@playwright/test';
import sharp from 'sharp';
import { expectNoFaults, expectNoFaultsOnPhone } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { completed } from './jobs.ts';
import { workPage } from './pages/work.ts';

const picture = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 96, height: 64, channels: 3, background } })
    .png()
    .toBuffer();

const card = () => ({
  '1': { class_type: 'EmptyImage', inputs: { width: 96, height: 64, batch_size: 1, color: 8_400_000 } },
  '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'card' } },
});

const dropOnDialog = (page: Page, name: string, bytes: Buffer): Promise<void> =>
  dropOn(page.getByRole('dialog'), page, name, bytes);

async function dropOn(place: Locator, page: Page, name: string, bytes: Buffer): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([called, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], called, { type: 'image/png' }));
      return transfer;
    },
    [name, [...bytes]] as const,
  );
  for (const moment of ['dragover', 'drop']) await place.dispatchEvent(moment, { dataTransfer });
}

const blend = {
  '1': { class_type: 'LoadImage', inputs: { image: 'plate.png' } },
  '2': { class_type: 'LoadImage', inputs: { image: 'shots/sky.png [input]' } },
  '3': {
    class_type: 'ImageBlend',
    inputs: { image1: ['1', 0], image2: ['2', 0], blend_factor: 0.5, blend_mode: 'normal' },
  },
  '4': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'comp' } },
};

test('a workflow that lacks files names them, accepts uploads, and runs', async ({ open, complaints, ada, api }) => {
  complaints.expect(/status of 400.*\/api\/inputs/);
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await work.drop({ name: 'comp.json', text: JSON.stringify(blend) });

  const missing = work.dialog.getByRole('region', { name: 'Missing files' });
  const run = work.dialog.getByRole('button', { name: 'Run', exact: true });
  const row = (name: string) => missing.getByRole('listitem').filter({ hasText: name });
  await expect(missing.getByRole('listitem')).toHaveCount(2);
  await expect(run).toBeDisabled();
  await expect(missing.getByLabel('Choose plate.png')).toBeFocused();

  await missing
    .getByLabel('Choose plate.png')
    .setInputFiles({ name: 'IMG_1.PNG', mimeType: 'image/png', buffer: await picture('#800000') });
  await expect(row('plate.png')).toContainText('Added');
  await expect(run).toBeDisabled();

  await missing
    .getByLabel('Choose shots/sky.png')
    .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture at all') });
  await expect(row('sky.png').getByRole('alert')).toContainText('sky.png');

  await dropOnDialog(page, 'sky.png', await picture('#000080'));
  await expect(row('sky.png')).toContainText('Added');
  await expect(page.getByText('Drop the workflow file to run it')).toBeHidden();

  await run.click();
  await expect(work.tile('comp_00001_.png')).toBeVisible();
  const [job] = (await api.jobs.list.query()).items;
  expect((await api.jobs.graph.query({ id: job?.id ?? '' })).prompt).toEqual(blend);

  // The second time nothing is missing.
  await work.drop({ name: 'again.json', text: JSON.stringify(blend) });
  await expect(run).toBeEnabled();
  await expect(missing).toBeHidden();
});

test('files that are dropped before it is known what is missing wait for that; what does not belong is named', async ({
  open,
  complaints,
  ada,
}) => {
  complaints.expect(/Failed to load resource/);
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  const asked: (() => void)[] = [];
  await page.route(/inputs\.missing/, async (route) => {
    await new Promise<void>((resolve) => asked.push(resolve));
    await route.continue();
  });
  await work.drop({ name: 'comp.json', text: JSON.stringify(blend) });
  await expect(work.dialog).toContainText('Workflow in API format, 4 nodes');
  await dropOnDialog(page, 'sky.png', await picture('#000080'));
  await dropOnDialog(page, 'cat.png', await picture('#008000'));
  await expect(work.dialog).toContainText('Checking which files this workflow needs');
  await expect.poll(() => asked.length).toBe(1);
  asked[0]?.();
  const missing = work.dialog.getByRole('region', { name: 'Missing files' });
  await expect(missing.getByRole('listitem').filter({ hasText: 'sky.png' })).toContainText('Added');
  await expect(work.dialog).toContainText('Not added: cat.png. No missing file of this workflow has that name.');
  await expect(work.dialog.getByRole('heading', { name: 'comp.json' })).toBeVisible();
});

const copying = (image: string, prefix: string) => ({
  '1': { class_type: 'LoadImage', inputs: { image } },
  '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: prefix } },
});

test('Inputs: files are added, used, replaced and deleted, with undo', async ({ open, ada, api }) => {
  const page = await open(ada, { path: '/inputs' });
  const main = page.getByRole('main');
  await expect(main.getByText('Drop them anywhere on this page')).toBeVisible();
  const tile = (name: string) => main.getByRole('list', { name: 'Inputs' }).getByRole('listitem', { name });
  const file = async (name: string, colour: string) => ({ name, mimeType: 'image/png', buffer: await picture(colour) });
  await main
    .getByLabel('Upload files')
    .setInputFiles([await file('plate.png', '#800000'), await file('sky.png', '#000080')]);
  await expect(tile('plate.png')).toContainText('Not used yet');
  await expect(tile('sky.png').locator('img')).toHaveJSProperty('complete', true);
  await expect(main).toContainText('2 files');
  await expectNoFaults(page);

  const { id } = await api.jobs.submit.mutate({ prompt: copying('plate.png', 'plate'), title: 'Copy' });
  await completed(api, id);
  await page.reload();
  await tile('plate.png').getByRole('link', { name: 'Used by 1 job' }).click();
  await expect(workPage(page).tiles).toHaveCount(1);
  await page.getByRole('link', { name: 'Inputs' }).click();

  await tile('plate.png')
    .getByLabel('Replace plate.png')
    .setInputFiles(await file('other.png', '#008000'));
  await expect(tile('plate.png')).toContainText('Not used yet');
  await tile('sky.png').getByRole('button', { name: 'Delete sky.png' }).click();
  await expect(tile('sky.png')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tile('sky.png')).toBeVisible();
  await main.getByRole('searchbox', { name: 'Search by name' }).fill('plate');
  await expect(tile('sky.png')).toBeHidden();
  expect((await api.inputs.list.query()).items.map(({ name }) => name).sort()).toEqual(['plate.png', 'sky.png']);

  await tile('plate.png').getByRole('button', { name: 'Use plate.png in a workflow' }).click();
  const dialog = page.getByRole('dialog', { name: 'Use as input' });
  await expect(dialog).toContainText('plate.png');
  await expect(dialog.getByRole('button', { name: /^Copy/ })).toBeVisible();
});

test('a result is the input of the next job in one press; the product reads its own files', async ({
  open,
  ada,
  api,
}) => {
  await api.jobs.submit.mutate({ prompt: card(), title: 'Card' });
  const page = await open(ada);
  const work = workPage(page);
  const first = work.tile('card_00001_.png');
  await first.focus();
  await page.keyboard.press('u');
  const dialog = page.getByRole('dialog', { name: 'Use as input' });
  await expect(dialog).toContainText('card 00001.png');
  await page.keyboard.press('Escape');

  // From now on there is a workflow that takes a picture.
  await api.jobs.submit.mutate({ prompt: copying('card 00001.png', 'copy'), title: 'Copy it' });
  await expect(work.tile('copy_00001_.png')).toBeVisible();
  await first.click();
  await page.keyboard.press('u');
  await dialog.getByRole('button', { name: /^Copy it/ }).click();
  await expect(dialog.getByRole('status').filter({ hasText: 'card 00001.png' })).toBeVisible();
  await expectNoFaultsOnPhone(page);
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'card_00001_.png' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(work.tile('copy_00002_.png')).toBeVisible();

  const [result] = (await api.results.list.query()).items;
  const bytes = await page.evaluate(
    async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())],
    result?.url ?? '',
  );
  await dropOn(page.getByRole('main'), page, 'copy.png', Buffer.from(bytes));
  await expect(work.dialog).toContainText('The workflow in this file, 2 nodes');
  await expect(work.dialog.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
});
