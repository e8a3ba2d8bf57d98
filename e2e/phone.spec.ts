import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { loginPage } from './pages/login.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

/** Nothing sticks out to the side. */
async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
}

/** Every button and link that is in sight is large enough for a finger. */
async function reachable(page: Page): Promise<void> {
  const small = await page.locator('button:visible, a:visible, input:visible').evaluateAll((targets) =>
    targets.flatMap((target) => {
      // A choice or a file field is pressed by its label.
      const box = (target.closest('label') ?? target).getBoundingClientRect();
      return box.width < 40 || box.height < 40
        ? [`${target.outerHTML.slice(0, 120)}: ${box.width} × ${box.height}`]
        : [];
    }),
  );
  expect(small).toEqual([]);
}

test('on a phone: sign in, run, open a result, sign out', async ({ open, complaints, ada }) => {
  complaints.expect(/WebSocket/);
  const page = await open(null, phone);
  await fits(page);
  await reachable(page);
  await loginPage(page).signIn(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await fits(page);
  await page.getByRole('button', { name: 'Run a workflow' }).tap();
  await expect(work.dialog.getByRole('radio')).toHaveCount(4);
  await fits(page);
  await reachable(page);
  await page.getByRole('button', { name: 'Close' }).tap();
  await work.runSample('Four takes', 'a kite');
  await page.getByRole('button', { name: 'Show the 4 takes of Four takes' }).tap();
  await expect(work.tiles).toHaveCount(4);
  await fits(page);
  await reachable(page);

  await work.tiles.first().tap();
  const viewer = viewerOf(page, /\.png$/);
  await expect(viewer.picture).toBeVisible();
  await viewer.button('Parameters (I)').tap();
  await expect(viewer.madeWith.getByRole('region', { name: 'Prompt' })).toContainText('a kite');
  await fits(page);
  await reachable(page);
  await viewer.button('Close').tap();

  const nav = page.getByRole('navigation', { name: 'Main' });
  expect((await nav.boundingBox())!.y).toBeGreaterThan(700);
  await nav.getByRole('link', { name: 'Account' }).tap();
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await fits(page);
  await page.getByRole('button', { name: 'Sign out on this device' }).tap();
  await expect(page).toHaveURL(/\/login$/);
});
