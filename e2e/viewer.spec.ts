import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { editorWorkflow, picture } from './workflows.ts';

async function downloadBy(page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('opens large by address: back, forward, reload and a copied link work', async ({ stage, open, as }) => {
  const [ada] = await stage.people('Ada');
  await runJob((await as(ada!)).api, { prompt: picture({ prefix: 'sea' }) });
  const page = await open(ada!);
  const tile = workPage(page).tile('sea_00001_.png');
  const viewer = viewerOf(page, 'sea_00001_.png');
  await tile.click();
  await expect(viewer.picture).toBeVisible();
  await expect(page).toHaveURL(/\/\?result=/);
  await page.goBack();
  await expect(viewer.dialog).toBeHidden();
  await page.goForward();
  await expect(viewer.picture).toBeVisible();
  await page.reload();
  await expect(viewer.picture).toBeVisible();
  const copied = await open(ada!, { path: new URL(page.url()).search && `/${new URL(page.url()).search}` });
  await expect(viewerOf(copied, 'sea_00001_.png').picture).toBeVisible();
  await viewer.button('Close').click();
  await expect(viewer.dialog).toBeHidden();
  await expect(page).toHaveURL(`${stage.url}/`);
});

test('arrows go to older and newer, Escape closes and gives the focus back', async ({ stage, open, as }) => {
  const [ada] = await stage.people('Ada');
  const { api } = await as(ada!);
  for (const prefix of ['first', 'second', 'third']) await runJob(api, { prompt: picture({ prefix }) });
  const page = await open(ada!);
  const work = workPage(page);
  await work.tile('third_00001_.png').click();
  await expect(viewerOf(page, 'third_00001_.png').picture).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(viewerOf(page, 'second_00001_.png').picture).toBeVisible();
  await viewerOf(page, 'second_00001_.png').button('Older').click();
  const oldest = viewerOf(page, 'first_00001_.png');
  await expect(oldest.picture).toBeVisible();
  await expect(oldest.button('Older')).toBeHidden();
  await page.keyboard.press('ArrowLeft');
  await expect(viewerOf(page, 'second_00001_.png').picture).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(work.tile('second_00001_.png')).toBeFocused();
});

test('keys: what it was made with, the surround, real pixels', async ({ stage, open, as }) => {
  const [ada] = await stage.people('Ada');
  const prompt = picture({
    prompt: 'an owl in a raincoat',
    seed: 4242,
    steps: 5,
    width: 640,
    height: 384,
    prefix: 'owl',
  });
  await runJob((await as(ada!)).api, { prompt, title: 'Owls' });
  const page = await open(ada!, { viewport: { width: 1200, height: 900 } });
  await workPage(page).tile('owl_00001_.png').click();
  const viewer = viewerOf(page, 'owl_00001_.png');
  await expect(viewer.picture).toBeVisible();

  await page.keyboard.press('i');
  await expect(viewer.madeWith.getByRole('heading', { name: 'Owls' })).toBeVisible();
  await expect(viewer.madeWith.getByRole('region', { name: 'Prompt' })).toContainText('an owl in a raincoat');
  await expect(viewer.madeWith.getByRole('region', { name: 'Negative' })).toContainText('blurry');
  await expect(viewer.fact('Model')).toHaveText('sd_xl_base_1.0.safetensors');
  await expect(viewer.fact('Sampler')).toHaveText('euler, normal');
  await expect(viewer.fact('Steps')).toHaveText('5');
  await expect(viewer.fact('Seed')).toHaveText('4242');
  await expect(viewer.fact('Size')).toHaveText('640 × 384');
  await page.keyboard.press('i');
  await expect(viewer.madeWith).toBeHidden();

  for (const surround of ['18 % grey', 'white', 'black']) {
    await page.keyboard.press('b');
    await expect(viewer.button(`Surround: ${surround} (B)`)).toBeVisible();
  }

  const width = async (): Promise<number> => Math.round((await viewer.picture.boundingBox())?.width ?? 0);
  const fitted = await width();
  expect(fitted).not.toBe(640);
  await page.keyboard.press('z');
  await expect.poll(width).toBe(640);
  await page.keyboard.press('+');
  await expect.poll(width).toBe(800);
  await page.keyboard.press('z');
  await expect.poll(width).not.toBe(800);
});

test('copies prompt and seed', async ({ stage, open, as }) => {
  const [ada] = await stage.people('Ada');
  await runJob((await as(ada!)).api, { prompt: picture({ prompt: 'a fox, 35 mm', seed: 77, prefix: 'fox' }) });
  const page = await open(ada!, { permissions: ['clipboard-read', 'clipboard-write'] });
  await workPage(page).tile('fox_00001_.png').click();
  const viewer = viewerOf(page, 'fox_00001_.png');
  await viewer.button('Made with (I)').click();
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await viewer.button('Copy prompt').click();
  await expect.poll(clipboard).toBe('a fox, 35 mm');
  await viewer.button('Copy seed').click();
  await expect.poll(clipboard).toBe('77');
});

test('downloads the file itself and its workflow in both formats', async ({ stage, open, as }) => {
  const [ada] = await stage.people('Ada');
  const prompt = picture({ prefix: 'Schärfe/größe' });
  const [result] = await runJob((await as(ada!)).api, { prompt, workflow: editorWorkflow });
  const page = await open(ada!, { path: `/?result=${result!.id}` });
  const viewer = viewerOf(page, result!.filename);
  await viewer.button('Made with (I)').click();

  const file = await downloadBy(page, () => viewer.madeWith.getByRole('link', { name: 'Download' }).click());
  expect(file.name).toBe('größe_00001_.png');
  expect(createHash('sha256').update(file.bytes).digest('hex')).toBe(result!.sha256);

  const api = await downloadBy(page, () => viewer.button('Workflow in API format').click());
  expect(JSON.parse(api.bytes.toString())).toEqual(prompt);
  expect(api.name).toMatch(/\.api\.json$/);
  const editor = await downloadBy(page, () => viewer.button('Workflow for the editor').click());
  expect(JSON.parse(editor.bytes.toString())).toEqual(editorWorkflow);
});

test('a film plays and pauses', async ({ stage, open }) => {
  const [ada] = await stage.people('Ada');
  const page = await open(ada!);
  const work = workPage(page);
  await work.runSample('Short film');
  await work.tiles.first().click();
  const film = page.getByRole('dialog').locator('video');
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0);
  await page.keyboard.press('Space');
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);
  await page.keyboard.press('Space');
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.paused)).toBe(false);
});

test('a result that is not there says so', async ({ stage, open, complaints }) => {
  complaints.expect(/status of 404/);
  const [ada] = await stage.people('Ada');
  const page = await open(ada!, { path: '/?result=nothing-like-it' });
  await expect(page.getByText('This result is not here any more.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(workPage(page).empty).toBeVisible();
});
