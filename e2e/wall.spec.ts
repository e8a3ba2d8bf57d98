import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { OPERATOR } from './stage.ts';
import { picture } from './workflows.ts';

const teacher = { id: '', ...OPERATOR };

const wallOf = (page: Page) => {
  const wall = page.getByRole('region', { name: 'On the wall' });
  return {
    wall,
    pictures: wall.getByRole('link', { name: /^Picture/ }),
    empty: page.getByText('Nothing on the wall yet.'),
  };
};

/** Tests share the product, and so its wall. */
test.beforeEach(async ({ stage }) => {
  const { wall } = stage.operator.api;
  for (const { id } of (await wall.list.query({ limit: 200 })).items) await wall.takeDown.mutate({ id });
  await stage.operator.api.admin.settings.change.mutate({ wallNames: true });
});

test('results appear on the wall at once, with names while those are on, and go when removed', async ({
  stage,
  open,
  as,
}) => {
  const [ada, ben] = await stage.people('Ada', 'Ben');
  const { api } = await as(ada!);
  const results = await runJob(api, { prompt: picture({ batch: 2 }) });
  const bens = await open(ben!, { path: '/wall' });
  const seen = wallOf(bens);
  await expect(seen.empty).toBeVisible();

  await api.results.hang.mutate({ ids: results.map(({ id }) => id), onWall: true });
  await expect(seen.pictures).toHaveCount(2);
  await expect(bens.getByRole('link', { name: `Picture by ${ada!.name}` })).toHaveCount(2);
  await expect(bens.getByRole('button', { name: 'Remove from the wall' })).toHaveCount(0);
  await expect
    .poll(() =>
      seen.wall
        .locator('img')
        .evaluateAll((all) => all.filter((one) => one instanceof HTMLImageElement && one.naturalWidth > 0).length),
    )
    .toBe(2);

  const adas = await open(ada!, { path: '/wall' });
  await adas.getByRole('button', { name: 'Remove from the wall' }).first().click();
  await expect(wallOf(adas).pictures).toHaveCount(1);
  await expect(seen.pictures).toHaveCount(1);
  await adas.getByRole('button', { name: 'Undo' }).click();
  await expect(wallOf(adas).pictures).toHaveCount(2);
  await expect(seen.pictures).toHaveCount(2);

  const teachers = await open(teacher, { path: '/wall' });
  await teachers.getByRole('checkbox', { name: 'Names' }).click();
  await expect(teachers.getByRole('checkbox', { name: 'Names' })).not.toBeChecked();
  await expect(bens.getByText(ada!.name)).toHaveCount(0);
  await expect(seen.pictures).toHaveCount(2);
  await teachers.getByRole('button', { name: 'Remove from the wall' }).first().click();
  await expect(seen.pictures).toHaveCount(1);
  await teachers.getByRole('checkbox', { name: 'Names' }).click();
  await expect(bens.getByText(ada!.name)).toHaveCount(1);
});

test('an empty wall names a button that exists', async ({ open, ada, api }) => {
  const [result] = await runJob(api, { prompt: picture() });
  const page = await open(ada, { path: '/wall' });
  const { empty, pictures } = wallOf(page);
  const [, name = ''] = /press “(.+?)”/.exec((await empty.textContent()) ?? '') ?? [];
  await page.goto(`/?result=${result!.id}`);
  await page.getByRole('button', { name }).click();
  await page.goto('/wall');
  await expect(pictures).toHaveCount(1);
});

test('the projector: arrivals appear live, shortcuts advance and pause, controls hide', async ({ stage, open, as }) => {
  const [ada, ben] = await stage.people('Ada', 'Ben');
  const { api } = await as(ada!);
  const [first, second] = await runJob(api, { prompt: picture({ batch: 2 }) });
  const page = await open(ben!, { path: '/wall/projector' });
  const shown = page.getByRole('main').locator('img[aria-hidden="false"]');
  await api.results.hang.mutate({ ids: [first!.id], onWall: true });
  await expect(shown).toHaveAttribute('src', new RegExp(first!.id));
  await expect(page.getByText(ada!.name)).toBeVisible();
  await expect(page.getByRole('navigation')).toHaveCount(0);

  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play (Space)' })).toBeVisible();
  await api.results.hang.mutate({ ids: [second!.id], onWall: true });
  // It arrives without a sign while the show is held.
  await expect(async () => {
    await page.keyboard.press('ArrowRight');
    await expect(shown).toHaveAttribute('src', new RegExp(second!.id), { timeout: 1000 });
  }).toPass();
  const controls = page.getByRole('toolbar', { name: 'Projector' });
  await expect(controls).toHaveCSS('opacity', '0');
  await page.mouse.move(100, 100);
  await expect(controls).toHaveCSS('opacity', '1');

  await api.wall.takeDown.mutate({ id: second!.id });
  await expect(shown).toHaveAttribute('src', new RegExp(first!.id));
  await api.wall.takeDown.mutate({ id: first!.id });
  await expect(shown).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/wall$/);
});

test('it advances by itself, but not with reduced motion', async ({ open, ada, api }) => {
  const results = await runJob(api, { prompt: picture({ batch: 2 }) });
  await api.results.hang.mutate({ ids: results.map(({ id }) => id), onWall: true });
  const page = await open(ada, { path: '/wall' });
  await page.clock.install();
  await page.goto('/wall/projector');
  const shown = page.getByRole('main').locator('img[aria-hidden="false"]');
  await expect(shown).toHaveCount(1);
  const first = (await shown.getAttribute('src')) ?? '';
  await page.clock.fastForward(9000);
  await expect(shown).not.toHaveAttribute('src', first);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await expect(page.getByRole('button', { name: 'Play (Space)' })).toBeAttached();
});
