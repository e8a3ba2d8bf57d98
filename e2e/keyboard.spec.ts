import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { loginPage } from './pages/login.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { picture } from './workflows.ts';

/** Tabs on until this has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`40 presses of Tab did not reach ${String(wanted)}.`);
}

test('without a mouse: sign in, run a sample, open the result, go back', async ({ open, ada }) => {
  const page = await open(null);
  await expect(loginPage(page).name).toBeFocused();
  await page.keyboard.type(ada.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(ada.passphrase);
  await page.keyboard.press('Enter');

  const work = workPage(page);
  await work.empty.waitFor();
  const run = page.getByRole('button', { name: 'Run a workflow' });
  await tabTo(page, run);
  await page.keyboard.press('Enter');
  await expect(work.dialog.getByRole('radio')).toHaveCount(4);
  await tabTo(page, work.dialog.getByRole('radio').first());
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('ArrowDown');
  await expect(work.dialog.getByRole('radio', { name: 'Test card' })).toBeChecked();
  await tabTo(page, work.dialog.getByRole('button', { name: 'Run', exact: true }));
  await page.keyboard.press('Enter');
  await expect(work.dialog).toBeHidden();
  await expect(run).toBeFocused();

  const tile = work.tiles.first();
  await tile.waitFor();
  await expect(run).toBeFocused();
  await tabTo(page, tile);
  await page.keyboard.press('Enter');
  const viewer = viewerOf(page, /\.png$/);
  await expect(viewer.picture).toBeVisible();
  await page.keyboard.press('i');
  await expect(viewer.madeWith).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(viewer.dialog).toBeHidden();
  await expect(tile).toBeFocused();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await expect(work.dialog.getByRole('radio', { name: 'Test card' })).toBeFocused();
});

test('the sample that is chosen has the focus, however late the samples come', async ({ open, ada }) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  let answer = (): void => undefined;
  const isAnswered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/workflows/index.json', async (route) => {
    await isAnswered;
    await route.continue();
  });
  await page.keyboard.press('r');
  await expect(work.dialog).toBeFocused();
  answer();
  await expect(work.dialog.getByRole('radio', { name: 'Text to image' })).toBeFocused();
  await page.keyboard.press('Escape');
  await work.drop({ name: 'notes.json', text: 'hello' });
  await work.dialog.getByRole('button', { name: 'Show the samples' }).click();
  await expect(work.dialog.getByRole('radio', { name: 'Text to image' })).toBeFocused();
});

test('arrow keys move between pictures', async ({ open, ada, api }) => {
  await runJob(api, { prompt: picture({ batch: 4 }) });
  const page = await open(ada);
  const work = workPage(page);
  await tabTo(page, work.tiles.first());
  await page.keyboard.press('t');
  await expect(work.tiles).toHaveCount(4);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(work.tiles.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(work.tiles.first()).toBeFocused();
});
