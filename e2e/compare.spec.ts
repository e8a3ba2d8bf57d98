import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { comparePage } from './pages/compare.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { film, picture } from './workflows.ts';

const timesOf = (films: Locator): Promise<number[]> =>
  films.evaluateAll((all) => all.map((film) => (film instanceof HTMLVideoElement ? film.currentTime : Number.NaN)));

const apart = async (films: Locator): Promise<number> => {
  const times = await timesOf(films);
  return Math.max(...times) - Math.min(...times);
};

test('two takes: side by side and slider, zoom together, differences marked, back to the grid', async ({
  stage,
  open,
  ada,
  api,
}) => {
  const wish = { width: 640, height: 384, prefix: 'sea' };
  const [[dawn], [dusk]] = await Promise.all([
    runJob(api, { prompt: picture({ ...wish, prompt: 'a harbour at dawn', seed: 1, steps: 4 }) }),
    runJob(api, { prompt: picture({ ...wish, prompt: 'a harbour at dusk', seed: 2, steps: 4 }) }),
  ]);
  const page = await open(ada, { path: `/?compare=${dawn!.id},${dusk!.id}` });
  const compare = comparePage(page);
  const pictures = compare.dialog.getByRole('img', { name: /sea_/ });
  await expect(pictures).toHaveCount(2);

  await expect(compare.row('Prompt').locator('mark')).toHaveText(['dawn', 'dusk']);
  await expect(compare.row('Seed')).toContainText('1');
  await expect(compare.row('Steps')).toBeHidden();
  await compare.dialog.getByRole('checkbox', { name: 'Show identical settings' }).check();
  await expect(compare.row('Steps')).toContainText('4');

  const boxes = async () => Promise.all((await pictures.all()).map((one) => one.boundingBox()));
  const [before] = await boxes();
  await compare.pane('B').hover();
  await page.mouse.wheel(0, -400);
  await expect.poll(async () => (await boxes())[0]!.width).toBeGreaterThan(before!.width * 1.5);
  const [a, b] = await boxes();
  expect(a!.width).toBeCloseTo(b!.width, 0);
  expect(a!.y).toBeCloseTo(b!.y, 0);
  await page.keyboard.press('z');
  await expect.poll(async () => (await boxes())[1]!.width).toBeCloseTo(before!.width, 0);

  await page.keyboard.press('s');
  await expect(compare.edge).toHaveAttribute('aria-valuenow', '50');
  await page.keyboard.press('ArrowRight');
  await expect(compare.edge).toHaveAttribute('aria-valuenow', '52');
  const edge = (await compare.edge.boundingBox())!;
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2);
  await page.mouse.down();
  await page.mouse.move(edge.x - 200, edge.y + edge.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Number(await compare.edge.getAttribute('aria-valuenow'))).toBeLessThan(45);

  await compare.pane('B').hover();
  await page.keyboard.press('f');
  await expect(compare.pane('B').getByRole('button', { name: 'Favourite (F)' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect.poll(async () => (await api.results.get.query({ id: dusk!.id })).result.favourite).toBe(true);
  expect((await api.results.get.query({ id: dawn!.id })).result.favourite).toBe(false);

  await page.keyboard.press('Escape');
  await expect(compare.dialog).toBeHidden();
  await expect(page).toHaveURL(`${stage.url}/`);
});

test('two films play in sync, step by frame together, and zoom', async ({ open, ada, api }) => {
  const [[long], [short]] = await Promise.all([
    runJob(api, { prompt: film({ prompt: 'forest', length: 33, prefix: 'wood' }) }),
    runJob(api, { prompt: film({ prompt: 'forest at night', length: 25, prefix: 'wood' }) }),
  ]);
  const page = await open(ada, { path: `/?compare=${long!.id},${short!.id}` });
  const compare = comparePage(page);
  await expect(compare.films).toHaveCount(2);
  await expect(compare.button('One frame forward (.)')).toBeVisible();
  await expect(compare.dialog).toContainText('frame 1 of 33 · 16 fps');

  await page.keyboard.press('Space');
  await expect.poll(async () => Math.min(...(await timesOf(compare.films)))).toBeGreaterThan(0.4);
  await page.keyboard.press('Space');
  await expect.poll(() => apart(compare.films)).toBeLessThan(1 / 32);

  await page.keyboard.press('Home');
  for (let frame = 0; frame < 5; frame++) await page.keyboard.press('.');
  await expect(compare.timecode).toHaveText('00:00:00:05');
  await page.keyboard.press(',');
  await expect(compare.timecode).toHaveText('00:00:00:04');
  await expect.poll(async () => (await timesOf(compare.films)).map((time) => Math.floor(time * 16))).toEqual([4, 4]);

  await page.keyboard.press('End');
  await page.keyboard.press(',');
  // The shorter one stands on its last frame, the 25th.
  const shown = async () =>
    (await timesOf(compare.films)).map((time, at) => Math.min([32, 24][at] ?? 0, Math.floor(time * 16)));
  await expect.poll(shown).toEqual([31, 24]);
});

test('four on a phone are stacked; one that is moved to the trash leaves, and Undo restores it', async ({
  open,
  ada,
  api,
}) => {
  const takes = await runJob(api, { prompt: picture({ batch: 4, width: 512, height: 288, prefix: 'four' }) });
  const page = await open(ada, {
    path: `/?compare=${takes.map(({ id }) => id).join(',')}`,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const compare = comparePage(page);
  await expect(compare.dialog.getByRole('img', { name: /four_/ })).toHaveCount(4);
  const tops = await Promise.all(
    ['A', 'B', 'C', 'D'].map(async (letter) => (await compare.pane(letter).boundingBox())!.y),
  );
  expect(tops).toEqual([...new Set(tops)].sort((a, b) => a - b));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await compare.pane('D').tap({ position: { x: 190, y: 20 } });
  await compare.pane('D').getByRole('button', { name: 'Move to trash (Delete)' }).tap();
  await expect(compare.pane('D')).toBeHidden();
  await expect(page).toHaveURL(/compare=[^,]+,[^,]+,[^,]+$/);
  await page.getByRole('button', { name: 'Undo' }).tap();
  await expect.poll(async () => (await api.results.get.query({ id: takes[3]!.id })).result.removedAt).toBeNull();
});

test('from one result, C compares it with the other takes of its job; Escape leads back to it', async ({
  open,
  ada,
  api,
}) => {
  const takes = await runJob(api, { prompt: picture({ batch: 2, prefix: 'take' }) });
  const page = await open(ada, { path: `/?result=${takes[0]!.id}` });
  const viewer = viewerOf(page, takes[0]!.filename);
  await expect(viewer.picture).toBeVisible();
  await page.keyboard.press('c');
  await expect(comparePage(page).dialog.getByRole('img', { name: /take_/ })).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(viewer.picture).toBeVisible();
});

test('a missing result is left out, with a message', async ({ open, complaints, ada, api }) => {
  complaints.expect(/status of (404|207)/);
  const [own] = await runJob(api, { prompt: picture({ prefix: 'own' }) });
  const page = await open(ada, { path: `/?compare=${own!.id},nothing-like-it` });
  await expect(page.getByText('One of these results does not exist, or it belongs to someone else.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(workPage(page).results).toBeVisible();
});
