import { expectNoFaults } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { completed, runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { picture } from './workflows.ts';

const PHONE = { width: 390, height: 844 };

test('what runs is in sight behind twenty failures, which are few rows; dismissed ones are found and run again', async ({
  stage,
  open,
  ada,
  api,
}) => {
  await runJob(api, { title: 'Harbour', prompt: picture() });
  const failed = async (title: string, steps?: number): Promise<string> => {
    const { id } = await api.jobs.submit.mutate({ title, prompt: picture({ ...(steps !== undefined && { steps }) }) });
    return id;
  };
  await stage.fleet.setFaults({ nodes: [{ kind: 'outOfMemory', classType: 'KSampler' }] });
  const ids = await Promise.all([
    ...Array.from({ length: 17 }, () => failed('No steps', 0)),
    ...['Large', 'Larger', 'Largest'].map((title) => failed(title)),
  ]);
  const statuses = async () => {
    const { items } = await api.jobs.list.query({ status: 'failed' });
    return items.filter(({ id }) => ids.includes(id)).length;
  };
  await expect.poll(statuses, { timeout: 60_000 }).toBe(20);
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  try {
    await api.jobs.submit.mutate({ title: 'Held', prompt: picture({ prompt: 'a kite over the sea' }) });
    const page = await open(ada, { viewport: PHONE });
    const work = workPage(page);
    const held = work.card('Held');

    await test.step('on a phone', async () => {
      await expect(held).toContainText('Rendering');
      await expect(held).toContainText('a kite over the sea');
      await expect(work.cards.first()).toHaveAccessibleName('Held');
      await expect(work.cards).toHaveCount(3);
      await work.tiles.first().waitFor();
      const heading = await page.getByRole('heading', { name: 'Results' }).boundingBox();
      expect(heading?.y).toBeLessThan(PHONE.height * 0.6);
    });

    const many = work.card('Failed ×17: ComfyUI could not use this workflow');
    const three = work.card('Failed ×3: Stopped by an error');
    await test.step('like failures open, and are dismissed together', async () => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await expect(many.getByRole('button', { name: /again/ })).toHaveCount(0);
      await three.getByRole('button', { name: 'Details' }).click();
      await expect(three.getByRole('list', { name: 'Failed in the same way' }).getByRole('listitem')).toHaveCount(3);
      await expectNoFaults(page);
      await three.getByRole('listitem', { name: 'Larger' }).getByRole('button', { name: 'Dismiss' }).click();
      await expect(work.card('Failed ×2: Stopped by an error')).toBeVisible();
      await page.getByRole('button', { name: 'Dismiss all 19 failures' }).click();
      await expect(work.cards).toHaveCount(1);
      await page
        .getByText('Dismissed: 19 failures')
        .locator('..')
        .locator('..')
        .getByRole('button', { name: 'Undo' })
        .click();
      await expect(work.cards).toHaveCount(3);
      await many.getByRole('button', { name: 'Dismiss all 17' }).click();
      await expect(many).toBeHidden();
    });

    await stage.fleet.setFaults({ nodes: [] });
    await page.getByRole('link', { name: 'All jobs' }).click();
    const all = page.getByRole('list', { name: 'All jobs' });
    await test.step('all jobs has the dismissed ones, and runs them again', async () => {
      await expect(all.getByRole('listitem', { name: 'Harbour' })).toContainText('Done in');
      await expect(all.getByRole('link', { name: '1 file of Harbour' })).toBeVisible();
      await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed');
      await expect(page).toHaveURL(/status=failed/);
      await expect(all.getByRole('listitem')).toHaveCount(20);
      await page.getByRole('searchbox', { name: 'Search title' }).fill('larger');
      await expect(all.getByRole('listitem')).toHaveCount(1);
      await expect(all).toContainText('KSampler stopped');
      await expectNoFaults(page);
      await all.getByRole('button', { name: 'Try again' }).click();
      await expect(page.getByText('Queued again: Larger')).toBeVisible();
      const { items } = await api.jobs.list.query({ words: 'Larger', limit: 1 });
      const [result] = await completed(api, items[0]?.id ?? '');
      await page.getByRole('combobox', { name: 'Status' }).selectOption('Completed');
      await all.getByRole('link', { name: '1 file of Larger' }).click();
      await expect(work.tiles).toHaveCount(1);
      await expect(work.tile(result?.filename ?? '')).toBeVisible();
    });
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
  }
});
