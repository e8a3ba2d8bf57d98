import { expectNoFaults, expectNoFaultsOnPhone } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { deliverFiles, sineWav } from './other-files.ts';
import { comparePage } from './pages/compare.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR } from './stage.ts';
import { film, picture } from './workflows.ts';

test('signed out, and a page that does not exist', async ({ open, complaints, ada }) => {
  complaints.expect(/status of 404/);
  await expectNoFaults(await open(null));
  const page = await open(ada, { path: '/nowhere' });
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await expectNoFaults(page);
});

test('an empty gallery and its dialogs', async ({ open, ada }) => {
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  await expectNoFaults(page);

  await page.keyboard.press('r');
  await expect(work.dialog.getByRole('radio')).toHaveCount(4);
  await expectNoFaults(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toBeVisible();
  await expectNoFaults(page);
});

test('jobs, results, selection, and dialogs over them', async ({ stage, open, ada, api }) => {
  await runJob(api, { title: 'Harbour', prompt: picture({ batch: 2 }) });
  const page = await open(ada);
  const work = workPage(page);
  await api.jobs.submit.mutate({ title: 'Broken', prompt: picture({ steps: 0 }) });
  await expect(work.card('Broken')).toContainText('KSampler: steps');
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  try {
    await api.jobs.submit.mutate({ title: 'Held', prompt: picture() });
    await expect(work.card('Held')).toContainText('Rendering');
    await page.getByRole('button', { name: 'Show the 2 takes of Harbour' }).click();
    await expect(work.tiles).toHaveCount(2);
    await page.keyboard.press('Space');
    await expect(page.getByRole('region', { name: 'Selected results' })).toContainText('1 result selected');
    await page.getByRole('search').getByRole('button', { name: 'More', exact: true }).click();
    await expect(page.getByRole('textbox', { name: 'Seed' })).toBeVisible();
    await expectNoFaults(page);
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
  }

  await page.getByRole('button', { name: 'Download all' }).click();
  await expect(page.getByRole('dialog', { name: 'Download' }).getByRole('radio').first()).toBeVisible();
  await expectNoFaults(page);
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Filter results' })).toBeVisible();
  await expectNoFaultsOnPhone(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More for e2e_00001_.png' }).click();
  await expect(page.getByRole('dialog', { name: 'e2e_00001_.png' })).toBeVisible();
  await expectNoFaultsOnPhone(page);
});

test('viewer: a sound, a film, a picture with parameters, and two takes compared', async ({
  stage,
  open,
  ada,
  api,
}) => {
  const [[take]] = await Promise.all([
    runJob(api, { prompt: picture({ batch: 2, prefix: 'take' }) }),
    runJob(api, { prompt: film({ prefix: 'shot' }) }),
  ]);
  const [hum] = await deliverFiles(stage, api, { 'hum.wav': sineWav(1) });
  const page = await open(ada, { path: `/?result=${hum!.id}` });
  await expect(viewerOf(page, hum!.filename).dialog.getByRole('slider', { name: 'Position' })).toBeEnabled();
  await expectNoFaults(page);

  const shot = viewerOf(page, /^shot_/);
  await expect(async () => {
    await page.keyboard.press('ArrowRight');
    await expect(shot.dialog).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(shot.dialog.getByRole('slider', { name: 'Position' })).toBeEnabled();
  await expectNoFaults(page);

  await page.goto(`/?result=${take!.id}`);
  const picked = viewerOf(page, take!.filename);
  await picked.button('Parameters (I)').click();
  await expect(picked.madeWith.getByRole('region', { name: 'Prompt' })).toBeVisible();
  await expectNoFaults(page);

  await page.keyboard.press('c');
  const compare = comparePage(page);
  await expect(compare.dialog.getByRole('img', { name: /^take_/ })).toHaveCount(2);
  await expectNoFaults(page);
  await page.keyboard.press('s');
  await expect(compare.edge).toBeVisible();
  await expectNoFaults(page);
});

test('the wall, its projector, and the account', async ({ stage, open, ada, api }) => {
  const [shown] = await runJob(api, { prompt: picture() });
  const [hum] = await deliverFiles(stage, api, { 'hum.wav': sineWav(1) });
  await api.results.hang.mutate({ ids: [shown!.id, hum!.id], onWall: true });
  const page = await open(ada, { path: '/wall' });
  await expect(page.getByRole('button', { name: 'Remove from the wall' })).toHaveCount(2);
  await expectNoFaults(page);
  await page.getByRole('link', { name: 'Projector' }).click();
  await expect(page.getByRole('figure', { name: 'Sound by you' })).toBeVisible();
  await expectNoFaults(page);
  await page.keyboard.press('Escape');

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Account' }).click();
  await page.getByRole('textbox', { name: 'Token name' }).fill('Script');
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByRole('dialog', { name: 'Token “Script”' })).toBeVisible();
  await expectNoFaults(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listitem', { name: 'Script' })).toBeVisible();
  await expectNoFaults(page);
});

test('the operators’ pages', async ({ open, ada }) => {
  const page = await open({ id: '', ...OPERATOR }, { path: '/admin/participants' });
  await expect(page.getByRole('row', { name: ada.name })).toBeVisible();
  await expectNoFaults(page);
  await page.getByRole('button', { name: `Edit ${ada.name}` }).click();
  await expect(page.getByRole('dialog', { name: ada.name })).toBeVisible();
  await expectNoFaults(page);
  await page.getByRole('button', { name: 'New passphrase' }).click();
  await page.getByRole('button', { name: 'Create new' }).click();
  // The dialog that asks has the same name.
  await expect(page.getByText('Only this tab has them')).toBeVisible();
  await expectNoFaults(page);
  await page.goto('/admin/endpoints');
  await expect(page.getByRole('table', { name: 'Endpoints' })).toBeVisible();
  await expectNoFaults(page);
});
