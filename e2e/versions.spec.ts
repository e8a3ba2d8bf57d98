import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { picture } from './workflows.ts';

test('a still is edited, varied and run again; its versions stand together with what each changed', async ({
  open,
  ada,
  api,
}) => {
  await runJob(api, { prompt: picture({ prefix: 'still', prompt: 'a lighthouse' }), title: 'Still' });
  const page = await open(ada);
  const work = workPage(page);
  const count = async (): Promise<number> => (await api.results.list.query()).items.length;
  await work.tile('still_00001_.png').click();
  const viewer = viewerOf(page, 'still_00001_.png');
  await expect(viewer.picture).toBeVisible();

  await page.keyboard.press('n');
  await expect(page.getByText('Queued with a new seed: Still')).toBeVisible();
  await page.keyboard.press('e');
  const editor = page.getByRole('dialog', { name: 'New version of Still' });
  const prompt = editor.getByRole('textbox', { name: 'Prompt', exact: true });
  await expect(prompt).toHaveValue('a lighthouse');
  await prompt.fill('a gull');
  await editor.getByRole('textbox', { name: 'Steps' }).fill('0');
  await expect(editor.getByText('A whole number above zero.')).toBeVisible();
  await expect(editor.getByRole('button', { name: 'Run', exact: true })).toBeDisabled();
  await editor.getByRole('textbox', { name: 'Steps' }).fill('6');
  await prompt.press('Control+Enter');
  await expect(editor).toBeHidden();
  await expect.poll(count).toBe(3);

  await page.keyboard.press('i');
  const versions = viewer.madeWith.getByRole('list', { name: 'Versions' });
  await expect(versions.getByRole('listitem')).toHaveCount(3);
  await expect(versions.getByRole('listitem').last()).toContainText('First version');
  await versions.getByRole('button', { name: /Prompt: “a gull”, Steps 4 → 6/ }).click();
  const second = viewerOf(page, /^still_0000[23]_\.png$/);
  await expect(second.madeWith.getByRole('region', { name: 'Prompt' })).toContainText('a gull');
  await second.madeWith.getByRole('button', { name: 'Vary ×4' }).click();
  await expect(page.getByText('Four variations queued: Still')).toBeVisible();
  await expect.poll(count).toBe(7);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.reload();
  await expect(work.tiles).toHaveCount(1);
  await expect(work.results).toContainText('7');
});
