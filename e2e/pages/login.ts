import type { Page } from '@playwright/test';

export function loginPage(page: Page) {
  const name = page.getByRole('textbox', { name: 'Name' });
  const passphrase = page.getByLabel('Passphrase');
  return {
    name,
    passphrase,
    alert: page.getByRole('form', { name: 'Sign in' }).getByRole('alert'),
    signIn: async (who: { name: string; passphrase: string }): Promise<void> => {
      await name.fill(who.name);
      await passphrase.fill(who.passphrase);
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
  };
}
