import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { picture } from './workflows.ts';

type Signed = Parameters<typeof runJob>[0];

/** Three jobs: a harbour in three takes, a train, a diver. */
const threeJobs = (api: Signed) =>
  Promise.all([
    runJob(api, { title: 'Harbour', prompt: picture({ prompt: 'a harbour at dawn', prefix: 'harbour', batch: 3 }) }),
    runJob(api, { title: 'Train', prompt: picture({ prompt: 'a night train', prefix: 'train', seed: 4711 }) }),
    runJob(api, { title: 'Diver', prompt: picture({ prompt: 'portrait of a diver', prefix: 'diver' }) }),
  ]);

const toast = (page: Page, words: string) => page.getByRole('listitem').filter({ hasText: words });

test('takes of one job stack, and open in place', async ({ open, ada, api }) => {
  await threeJobs(api);
  const page = await open(ada);
  const work = workPage(page);
  await expect(work.tiles).toHaveCount(3);
  await expect(work.results).toContainText('5 results');
  const stack = page.getByRole('button', { name: 'Show the 3 takes of Harbour' });
  await stack.click();
  await expect(work.tiles).toHaveCount(5);
  await expect(work.tile('harbour_00003_.png')).toHaveAccessibleName(/take 3 of 3/);
  await page.getByRole('button', { name: 'Close the stack of Harbour' }).first().click();
  await expect(work.tiles).toHaveCount(3);
  await work.toggleStacks();
  await expect(work.tiles).toHaveCount(5);
});

test('the filter is in the address: back, reload and a shared link find the same', async ({ open, ada, api }) => {
  await threeJobs(api);
  const page = await open(ada);
  const work = workPage(page);
  const find = page.getByRole('search', { name: 'Find results' });
  await expect(work.tiles).toHaveCount(3);

  await find.getByRole('searchbox').fill('night');
  await expect(work.tiles).toHaveCount(1);
  await expect(page).toHaveURL(/\?words=night$/);
  await expect(work.results).toContainText('1 found');
  await page.reload();
  await expect(find.getByRole('searchbox')).toHaveValue('night');
  await expect(work.tile('train_00001_.png')).toBeVisible();
  await expect(work.tiles).toHaveCount(1);

  await Promise.all([
    runJob(api, { title: 'Not that', prompt: picture({ prompt: 'a sunny meadow', prefix: 'meadow' }) }),
    runJob(api, { title: 'Late', prompt: picture({ prompt: 'one more night', prefix: 'late' }) }),
  ]);
  await expect(work.tile('late_00001_.png')).toBeVisible();
  await expect(work.tiles).toHaveCount(2);

  await find.getByRole('button', { name: 'More' }).click();
  await find.getByRole('combobox', { name: 'Workflow' }).selectOption('Train');
  await expect(work.tiles).toHaveCount(1);
  await find.getByRole('textbox', { name: 'Seed' }).fill('99');
  await expect(work.results).toContainText('Nothing found: with “night”, of “Train”, seed 99.');
  await page.goBack();
  await expect(work.tiles).toHaveCount(1);
  await find.getByRole('button', { name: 'Clear' }).click();
  await expect(work.tiles).toHaveCount(5);
  await expect(page).toHaveURL(/\/$/);

  await page.goto('/?workflow=Harbour&day=2020-01-01');
  await expect(page.getByText('Nothing found: from Wednesday 1 January 2020, of “Harbour”.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(work.tiles).toHaveCount(5);
});

test('marks by shortcut: at once, in every window, and undone', async ({ open, ada, api }) => {
  for (const prefix of ['one', 'two', 'three']) await runJob(api, { title: prefix, prompt: picture({ prefix }) });
  const page = await open(ada);
  const work = workPage(page);
  await expect(work.tiles).toHaveCount(3);
  const there = workPage(await open(ada));
  await expect(there.tiles).toHaveCount(3);
  await work.tile('two_00001_.png').focus();
  await page.keyboard.press('f');
  await page.keyboard.press('4');
  await expect(work.tile('two_00001_.png')).toHaveAccessibleName(/favourite, 4 stars/);
  await expect(there.tile('two_00001_.png')).toHaveAccessibleName(/favourite, 4 stars/);

  await page.keyboard.press('x');
  await expect(work.tiles).toHaveCount(2);
  await expect(there.tiles).toHaveCount(2);
  await expect(work.tile('one_00001_.png')).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(work.tiles).toHaveCount(3);
  await expect(there.tiles).toHaveCount(3);
  await expect(work.tiles.nth(1)).toHaveAccessibleName(/two_00001_.*favourite, 4 stars$/);

  await page.keyboard.press('Delete');
  await expect(work.tiles).toHaveCount(2);
  await page.goto('/?removed=1');
  await expect(work.tile('one_00001_.png')).toBeVisible();
  await expect(work.results).toContainText('can be restored for one day');
  await work.tile('one_00001_.png').hover();
  await page.getByRole('button', { name: 'Restore one_00001_.png' }).click();
  await expect(work.results).toContainText('The trash is empty.');
  await expect(there.tiles).toHaveCount(3);
});

test('a mark that the server rejects is reverted, with a message', async ({ open, complaints, ada, api }) => {
  complaints.expect(/500/);
  await runJob(api, { prompt: picture({ prefix: 'one' }) });
  const page = await open(ada);
  const tile = workPage(page).tile('one_00001_.png');
  await page.route('**/api/trpc/results.mark*', (route) => route.fulfill({ status: 500, body: 'no' }));
  await tile.focus();
  await page.keyboard.press('f');
  await expect(toast(page, 'Not changed.')).toBeVisible();
  await expect(tile).not.toHaveAccessibleName(/favourite/);
});

test('many at once: select, mark, compare', async ({ open, ada, api }) => {
  await Promise.all(['one', 'two', 'three'].map((title) => runJob(api, { title, prompt: picture() })));
  const page = await open(ada);
  const work = workPage(page);
  await expect(work.tiles).toHaveCount(3);
  const bar = page.getByRole('region', { name: 'Selected results' });
  await work.tiles.first().focus();
  await page.keyboard.press('Space');
  await work.tiles.nth(2).click({ modifiers: ['Shift'] });
  await expect(bar).toContainText('3 results selected');
  await work.tiles.nth(2).click({ modifiers: ['ControlOrMeta'] });
  await expect(bar).toContainText('2 results selected');
  await bar.getByRole('button', { name: 'Favourite (F)' }).click();
  await expect(work.tiles.and(page.getByRole('link', { name: /favourite/ }))).toHaveCount(2);
  await toast(page, '2 results added to favourites.').getByRole('button', { name: 'Undo' }).click();
  await expect(work.tiles.and(page.getByRole('link', { name: /favourite/ }))).toHaveCount(0);
  await bar.getByRole('button', { name: /^Compare/ }).click();
  await expect(page).toHaveURL(/compare=[^,]+(,|%2C)[^,]+$/);
  await page.goBack();
  await bar.getByRole('button', { name: 'Move to trash (Delete)' }).click();
  await expect(work.tiles).toHaveCount(1);
  await expect(bar).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(work.tiles).toHaveCount(3);
});

test('on a phone: filters behind one button, a long press selects', async ({ open, complaints, ada, api }) => {
  complaints.expect(/WebSocket/);
  await threeJobs(api);
  const page = await open(ada, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const work = workPage(page);
  await page.getByRole('button', { name: 'Filter', exact: true }).tap();
  const sheet = page.getByRole('dialog', { name: 'Filter results' });
  await sheet.getByRole('button', { name: 'Favourites' }).tap();
  await sheet.getByRole('button', { name: 'Show results' }).tap();
  await expect(page.getByText('Nothing found: favourites.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear', exact: true }).tap();
  await expect(work.tiles).toHaveCount(3);
  await page.getByRole('button', { name: 'More for train_00001_.png' }).tap();
  await page.getByRole('dialog', { name: 'train_00001_.png' }).getByRole('button', { name: 'Move to trash' }).tap();
  await expect(work.tiles).toHaveCount(2);
  await page.getByRole('button', { name: 'Select results' }).tap();
  await work.tile('diver_00001_.png').tap();
  await expect(page.getByRole('region', { name: 'Selected results' })).toContainText('1 result selected');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
