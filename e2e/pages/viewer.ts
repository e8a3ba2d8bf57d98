import type { Page } from '@playwright/test';

/** One result, large. */
export function viewerOf(page: Page, filename: string | RegExp) {
  const dialog = page.getByRole('dialog', { name: filename });
  const madeWith = dialog.getByRole('complementary', { name: 'Parameters' });
  return {
    dialog,
    picture: dialog.getByRole('img', { name: filename }),
    madeWith,
    fact: (name: string) => madeWith.getByRole('term').filter({ hasText: name }).locator('+ dd'),
    button: (name: string | RegExp) => dialog.getByRole('button', { name }),
  };
}
