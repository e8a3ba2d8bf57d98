import { expect, type Page } from '@playwright/test';

/** Puts a mark on the page that no reload survives; the answer asserts that it is still there. */
export async function markPage(page: Page): Promise<() => Promise<void>> {
  const html = page.locator('html');
  await html.evaluate((element) => element.setAttribute('data-marked', 'yes'));
  return () => expect(html).toHaveAttribute('data-marked', 'yes');
}
