import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { film, picture } from './workflows.ts';

test('with the mouse and without: find in spite of a slip, keys on a selection, rename, and go on in the viewer', async ({
  open,
  ada,
  api,
}) => {
  for (const [title, prompt] of [
    ['Harbour', 'a harbour at dawn'],
    ['Train', 'a night train'],
    ['Diver', 'portrait of a diver'],
  ])
    await runJob(api, { title: title ?? '', prompt: picture({ prefix: title ?? '', prompt: prompt ?? '' }) });
  const page = await open(ada);
  const work = workPage(page);
  await expect(work.tiles).toHaveCount(3);

  await page.getByRole('searchbox').fill('trian');
  await expect(page.getByText('No results for “trian”. Showing “train”.')).toBeVisible();
  await expect(work.tiles).toHaveCount(1);
  await work.tile('Train_00001_.png').hover();
  await expect(page.getByRole('tooltip')).toContainText('a night train');
  await work.tile('Train_00001_.png').click();
  await expect(viewerOf(page, 'Train_00001_.png').picture).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();

  await work.tile('Train_00001_.png').hover();
  await page.getByRole('button', { name: 'Select Train_00001_.png' }).click();
  await page.getByRole('button', { name: 'Select Diver_00001_.png' }).click();
  await page.getByRole('heading', { name: 'Results', exact: true }).click();
  await page.keyboard.press('f');
  await expect(work.tiles.and(page.getByRole('link', { name: /favourite/ }))).toHaveCount(2);
  await page.keyboard.press('F2');
  await expect(page.getByText('Select one result to rename it.')).toBeVisible();
  await page.keyboard.press('c');
  const compare = page.getByRole('dialog', { name: 'Compare 2 results' });
  await expect(compare.getByRole('region', { name: /^B: / })).toContainText('Prompt: − a night train + portrait of');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  await work.tile('Harbour_00001_.png').focus();
  await page.keyboard.press('F2');
  const name = page.getByRole('dialog', { name: 'Rename' }).getByRole('textbox', { name: 'Name' });
  await expect(name).toBeFocused();
  await name.fill('a/b');
  await page.keyboard.press('Enter');
  await expect(page.getByText('A name cannot have')).toBeVisible();
  await name.fill('Hero shot');
  await page.keyboard.press('Enter');
  await expect(work.tile('Hero shot.png')).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(work.tile('Harbour_00001_.png')).toBeVisible();

  await page.keyboard.press('Enter');
  const strip = page.getByRole('navigation', { name: 'Filmstrip' });
  await expect(strip.getByRole('button')).toHaveCount(3);
  await expect(strip.getByRole('button', { name: 'Harbour_00001_.png' })).toHaveAttribute('aria-current', 'true');
  await strip.getByRole('button', { name: 'Diver_00001_.png' }).click();
  await expect(viewerOf(page, 'Diver_00001_.png').picture).toBeVisible();
  await page.keyboard.press('t');
  await expect(strip).toBeHidden();
  await page.reload();
  await expect(viewerOf(page, 'Diver_00001_.png').picture).toBeVisible();
  await expect(strip).toBeHidden();
});

test('a film by the keys of editing software: J, K, L, in and out', async ({ open, ada, api }) => {
  await runJob(api, { title: 'Film', prompt: film({ length: 25 }) });
  const page = await open(ada);
  await workPage(page).tiles.first().click();
  const { dialog, button } = viewerOf(page, /\.mp4$/);
  const timecode = dialog.locator('[data-timecode]');
  await expect(dialog).toContainText('of 25 · 16 fps');
  await page.keyboard.press('k');
  await page.keyboard.press('Home');
  for (let frames = 0; frames < 8; frames++) await page.keyboard.press('.');
  await page.keyboard.press('Shift+O');
  await page.keyboard.press('Home');
  for (let frames = 0; frames < 4; frames++) await page.keyboard.press('.');
  await page.keyboard.press('Shift+I');
  await expect(dialog).toContainText('00:00:00:04 – 00:00:00:08');
  await page.keyboard.press('Shift+L');
  await page.keyboard.press('l');
  await expect(button('Play (Space)')).toBeVisible();
  await expect(timecode).toHaveText(/00:00:00:0[89]/);
  await page.keyboard.press('j');
  await expect(timecode).toHaveText('00:00:00:04');
  await expect(button('Play (Space)')).toBeVisible();
  await button('Clear in and out (Shift+X)').click();
  await page.keyboard.press('j');
  await expect(timecode).toHaveText('00:00:00:00');
});
