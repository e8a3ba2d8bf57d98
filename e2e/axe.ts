import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const PHONE = { width: 390, height: 844 };

type Theme = 'dark' | 'light';

async function faultsOf(page: Page, theme: Theme, what: 'everything' | 'colours'): Promise<string[]> {
  await page.evaluate(async (theme) => {
    document.documentElement.dataset.theme = theme;
    const underWay = (): Animation[] =>
      document
        .getAnimations()
        .filter(
          ({ effect, playState }) =>
            playState === 'running' && effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY,
        );
    // What is half faded in has half its contrast. One that ends or is dropped may be followed by the next.
    do {
      await Promise.allSettled(underWay().map(({ finished }) => finished));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    } while (underWay().length > 0);
  }, theme);
  // In one piece: what is put together from frames opens a page of its own each time, and there are no frames here.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  // A message fades out when its time is over, unless it is pointed at.
  if ((await page.locator('[data-sonner-toaster]:hover').count()) === 0) axe.exclude('[data-sonner-toaster]');
  if (what === 'colours') axe.withRules(['color-contrast', 'link-in-text-block']);
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']);
  const { violations } = await axe.analyze();
  const where = `${theme}, ${page.viewportSize()?.width} wide`;
  return violations.map(
    ({ id, help, nodes }) => `${where}: ${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`,
  );
}

/** Nothing that axe finds fault with on a phone, in the light. */
export async function expectNoFaultsOnPhone(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize(PHONE);
  expect(await faultsOf(page, 'light', 'everything')).toEqual([]);
  if (size) await page.setViewportSize(size);
}

/** Nothing that axe finds fault with: wide, in the dark and in the light, and on a phone. */
export async function expectNoFaults(page: Page): Promise<void> {
  const found = await faultsOf(page, 'dark', 'everything');
  expect([...found, ...(await faultsOf(page, 'light', 'colours'))]).toEqual([]);
  await expectNoFaultsOnPhone(page);
}
