import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { expect, test } from './fixtures.ts';
import { workPage } from './pages/work.ts';

const picture = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 96, height: 64, channels: 3, background } })
    .png()
    .toBuffer();

async function dropOnDialog(page: Page, name: string, bytes: Buffer): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([called, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], called, { type: 'image/png' }));
      return transfer;
    },
    [name, [...bytes]] as const,
  );
  for (const moment of ['dragover', 'drop']) await page.getByRole('dialog').dispatchEvent(moment, { dataTransfer });
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
