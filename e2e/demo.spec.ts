import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { loginPage } from './pages/login.ts';
import { workPage } from './pages/work.ts';
import { startProduct } from './product.ts';

test('without configuration: a printed password, simulated cold GPUs, and a banner', async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-demo-'));
  const product = await startProduct({ DATA_DIR: folder });
  try {
    const name = /Operator: (\S+)/.exec(product.said())?.[1] ?? '';
    const passphrase = /Password: (\S+)/.exec(product.said())?.[1] ?? '';
    const page = await browser.newPage({ baseURL: product.url });
    const banner = page.getByText('Simulated GPUs: results are placeholders.');
    await page.goto('/');
    await expect(banner).toBeVisible();
    await loginPage(page).signIn({ name, passphrase });
    await expect(page).toHaveURL(/\/admin$/);
    await page.goto('/');
    const work = workPage(page);
    await work.empty.waitFor();
    await expect(banner).toBeVisible();
    await work.runSample('Test card');
    await expect(work.card('Test card')).toContainText('Starting a GPU');
    await expect(work.tiles).toHaveCount(1);
    for (const path of ['/account', '/admin']) {
      await page.goto(path);
      await expect(banner).toBeVisible();
    }
    await page.close();
    expect(await product.stop('SIGINT')).toBe(0);
  } finally {
    await product.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});
