import { expectNoFaults } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { picture } from './workflows.ts';

const NAME = 'preview_images_00001_.png';

/** The same graph with a preview in place of its save node, or beside it. */
function withPreview(prefix: string | null) {
  const graph = picture({ ...(prefix !== null && { prefix }) });
  const preview = { class_type: 'PreviewImage', inputs: { images: ['6', 0] } };
  return prefix === null ? { ...graph, '7': preview } : { ...graph, '8': preview };
}

test('a workflow with only a preview: on its card, in the viewer, kept', async ({ open, ada, api }) => {
  const page = await open(ada);
  const work = workPage(page);
  await runJob(api, { title: 'Only a look', prompt: withPreview(null) });
  const card = work.card('Only a look');
  const opener = card.getByRole('link', { name: `Open ${NAME}` });
  await expect(opener.locator('img')).toHaveJSProperty('complete', true);
  await expect(work.tiles).toHaveCount(0);
  await expectNoFaults(page);

  await page.reload();
  await opener.click();
  const viewer = viewerOf(page, NAME);
  await expect(viewer.picture).toBeVisible();
  await expect(viewer.dialog.getByText('Preview · deleted in 24 h')).toBeVisible();
  await expect(viewer.button('Favourite (F)')).toBeHidden();
  await expectNoFaults(page);
  await page.keyboard.press('Escape');
  await expect(viewer.dialog).toBeHidden();
  await expect(opener).toBeFocused();

  await opener.click();
  await viewer.button('Keep').click();
  await expect(viewer.button('Favourite (F)')).toBeVisible();
  await expect(viewer.dialog.getByText(/^Preview/)).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(work.tile(NAME)).toBeVisible();
  await expect(card).toBeHidden();
});

test('previews are in the gallery only on demand, and the address keeps that', async ({ open, ada, api }) => {
  const [saved] = await runJob(api, { title: 'Both', prompt: withPreview('both') });
  const page = await open(ada);
  const work = workPage(page);
  await work.toggleStacks();
  await expect(work.tile(saved?.filename ?? '')).toBeVisible();
  await expect(work.tiles).toHaveCount(1);
  await work.results.getByRole('button', { name: 'Show previews' }).click();
  await expect(page).toHaveURL(/[?&]previews=1/);
  await expect(work.tiles).toHaveCount(2);
  const tile = work.tile(NAME);
  await expect(tile).toHaveAccessibleName(/, preview$/);
  await expectNoFaults(page);

  await page.reload();
  await expect(work.tiles).toHaveCount(2);
  await tile.focus();
  await page.keyboard.press('f');
  await expect(page.getByText('Previews are deleted after a while. Keep this one first.')).toBeVisible();
  await page.getByRole('button', { name: `Keep ${NAME}` }).click();
  await work.results.getByRole('button', { name: 'Show previews' }).click();
  await expect(page).not.toHaveURL(/previews/);
  await expect(work.tiles).toHaveCount(2);
});

test('outputs that cannot be delivered are listed where the workflow was started, and on its card', async ({
  open,
  ada,
}) => {
  const page = await open(ada);
  const work = workPage(page);
  const lost = { class_type: 'LatentSender', inputs: { samples: ['5', 0], filename_prefix: 'x', sender_id: 0 } };
  await work.drop({ name: 'lost.json', text: JSON.stringify({ ...picture({ prefix: 'lost' }), '8': lost }) });
  await work.dialog.getByRole('button', { name: 'Run', exact: true }).click();
  const sentence = 'What LatentSender (node 8) shows cannot be saved.';
  await expect(work.dialog.getByText(sentence)).toBeVisible();
  await expectNoFaults(page);
  await work.dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(work.dialog).toBeHidden();
  await expect(work.card('lost').getByText(sentence)).toBeVisible();
});
