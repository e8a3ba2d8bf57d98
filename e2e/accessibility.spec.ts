import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { bringHome, sineWav } from './other-files.ts';
import { comparePage } from './pages/compare.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR } from './stage.ts';
import { film, picture } from './workflows.ts';

async function expectNoFaults(page: Page): Promise<void> {
  // What is half faded in has half its contrast.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((animation) => animation.finished),
    ),
  );
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
    .analyze();
  expect(
    violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`),
  ).toEqual([]);
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(`${colorScheme} theme`, () => {
    test('login page', async ({ open }) => {
      await expectNoFaults(await open(null, { colorScheme }));
    });

    test('work: nothing yet, then jobs, results, dialogs and the viewer', async ({ stage, open, as }) => {
      const [ada] = await stage.people('Ada');
      const page = await open(ada!, { colorScheme });
      const work = workPage(page);
      await work.empty.waitFor();
      await expectNoFaults(page);

      await page.keyboard.press('r');
      await expect(work.dialog.getByRole('radio')).toHaveCount(4);
      await expectNoFaults(page);
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
      await expectNoFaults(page);
      await page.keyboard.press('Escape');

      const { api } = await as(ada!);
      await runJob(api, { prompt: picture({ batch: 2 }) });
      await api.jobs.submit.mutate({ title: 'Broken', prompt: picture({ steps: 0 }) });
      await expect(work.card('Broken')).toContainText('KSampler: steps');
      await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
      try {
        await work.runSample('Text to image');
        await expect(work.card('Text to image')).toContainText('Rendering');
        await expect(work.tiles).toHaveCount(1);
        await expectNoFaults(page);
      } finally {
        await stage.fleet.setFaults({ nodes: [] });
      }

      await work.tile('e2e_00001_.png').click();
      const viewer = viewerOf(page, 'e2e_00001_.png');
      await viewer.button('Made with (I)').click();
      await expect(viewer.madeWith.getByRole('region', { name: 'Prompt' })).toBeVisible();
      await expectNoFaults(page);
    });

    test('two takes side by side, and as a slider', async ({ stage, open, as }) => {
      const [ada] = await stage.people('Ada');
      const takes = await runJob((await as(ada!)).api, { prompt: picture({ batch: 2 }) });
      const page = await open(ada!, { colorScheme, path: `/?compare=${takes.map(({ id }) => id).join(',')}` });
      const compare = comparePage(page);
      await expect(compare.dialog.getByRole('img', { name: /^e2e_/ })).toHaveCount(2);
      await expectNoFaults(page);
      await page.keyboard.press('s');
      await expect(compare.edge).toBeVisible();
      await expectNoFaults(page);
    });

    test('a film and a sound, large', async ({ stage, open, as }) => {
      const [ada] = await stage.people('Ada');
      const { api } = await as(ada!);
      const [shot] = await runJob(api, { prompt: film() });
      const [hum] = await bringHome(stage, api, { 'hum.wav': sineWav(1) });
      for (const { id, filename } of [shot!, hum!]) {
        const page = await open(ada!, { colorScheme, path: `/?result=${id}` });
        await expect(viewerOf(page, filename).dialog.getByRole('slider', { name: 'Position' })).toBeEnabled();
        await expectNoFaults(page);
      }
    });

    test('account', async ({ stage, open }) => {
      const [ada] = await stage.people('Ada');
      const page = await open(ada!, { colorScheme, path: '/account' });
      await page.getByRole('textbox', { name: 'Name of a new token' }).fill('Script');
      await page.getByRole('button', { name: 'Create token' }).click();
      await expect(page.getByRole('dialog', { name: 'Token “Script”' })).toBeVisible();
      await expectNoFaults(page);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('listitem', { name: 'Script' })).toBeVisible();
      await expectNoFaults(page);
    });

    test('admin', async ({ stage, open }) => {
      const [ada] = await stage.people('Ada');
      const page = await open({ id: '', ...OPERATOR }, { colorScheme, path: '/admin/participants' });
      await expect(page.getByRole('row', { name: ada!.name })).toBeVisible();
      await expectNoFaults(page);
      await page.getByRole('button', { name: `Edit ${ada!.name}` }).click();
      await expect(page.getByRole('dialog', { name: ada!.name })).toBeVisible();
      await expectNoFaults(page);
      await page.getByRole('button', { name: 'New passphrase' }).click();
      await page.getByRole('button', { name: 'Make new' }).click();
      await expect(page.getByRole('dialog', { name: 'New passphrase' })).toBeVisible();
      await expectNoFaults(page);
    });

    test('a page that is not there', async ({ stage, open, complaints }) => {
      complaints.expect(/status of 404/);
      const [ada] = await stage.people('Ada');
      const page = await open(ada!, { colorScheme, path: '/nowhere' });
      await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
      await expectNoFaults(page);
    });
  });
}
