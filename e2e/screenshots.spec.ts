import { join } from 'node:path';
import { type BrowserContext, type Page, test } from '@playwright/test';
import { signIn } from './api.ts';
import { runJob } from './jobs.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { root } from './product.ts';
import { openStage } from './stage.ts';
import { picture } from './workflows.ts';

/** Takes the pictures of docs/images from a class that is made up here: `npx playwright test -c e2e --project=screenshots`. */
const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

const WISHES = [
  { title: 'Harbour', prompt: 'a harbour at dawn, long lens, mist', width: 768, height: 512, seed: 11 },
  {
    title: 'Night train',
    prompt: 'a night train crossing a viaduct, teal and amber',
    width: 1024,
    height: 432,
    seed: 23,
  },
  { title: 'Portrait', prompt: 'portrait of a diver, soft window light', width: 512, height: 640, seed: 5 },
  { title: 'Salt flats', prompt: 'salt flats after rain, one red car', width: 1024, height: 432, seed: 42, batch: 2 },
  {
    title: 'Greenhouse',
    prompt: 'an abandoned greenhouse, ferns, dust in the light',
    width: 768,
    height: 512,
    seed: 7,
  },
  { title: 'Market', prompt: 'a night market in the rain, neon, 35 mm', width: 640, height: 640, seed: 31 },
  { title: 'Dunes', prompt: 'dunes at noon, a caravan far away', width: 768, height: 432, seed: 64, batch: 3 },
];
const OTHERS = ['Jonas Lindqvist', 'Priya Raman', 'Tomás Herrera', 'Ines Carvalho', 'Kofi Mensah', 'Yuki Tanaka'];

async function shoot(page: Page, name: string): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  await page.mouse.move(0, 0);
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode().catch(() => undefined))));
  await page.screenshot({ path: join(root, `docs/images/${name}-${width}.png`), animations: 'disabled' });
}

test('pictures for the docs', async ({ browser }) => {
  test.setTimeout(240_000);
  const stage = await openStage({ pace: 0.3 });
  const contexts: BrowserContext[] = [];
  const open = async (
    cookie: { name: string; value: string } | null,
    viewport: (typeof WIDTHS)[number],
    path = '/',
  ) => {
    const context = await browser.newContext({
      baseURL: stage.url,
      viewport,
      colorScheme: 'dark',
      ...(viewport.width < 640 && { isMobile: true, hasTouch: true }),
    });
    contexts.push(context);
    if (cookie) await context.addCookies([{ ...cookie, url: stage.url }]);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  };
  try {
    const { participants } = stage.operator.api.admin;
    const [maya, ...others] = await participants.create.mutate({ names: ['Maya Okafor', ...OTHERS] });
    const { api, cookie } = await signIn(stage.url, maya!.name, maya!.passphrase);
    for (const { title, ...wish } of WISHES)
      await runJob(api, {
        title,
        prompt: picture({ ...wish, steps: 20, prefix: title.toLowerCase().replace(' ', '_') }),
      });

    const shown = (await api.results.list.query()).items.filter((_, index) => index % 2 === 0);
    await api.results.hang.mutate({ ids: shown.map(({ id }) => id), onWall: true });

    await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
    const alive = ['Lighthouse, wide', 'Lighthouse, close', 'Lighthouse, from the sea'];
    for (const title of alive) await api.jobs.submit.mutate({ title, prompt: picture({ prompt: title }) });
    for (const other of others.slice(0, 4)) {
      const theirs = await signIn(stage.url, other.name, other.passphrase);
      for (let jobs = 0; jobs < 2; jobs++) await theirs.api.jobs.submit.mutate({ title: 'Film', prompt: picture() });
    }

    for (const viewport of WIDTHS) {
      const login = await open(null, viewport);
      await login.getByRole('button', { name: 'Sign in' }).waitFor();
      await shoot(login, 'login');

      const page = await open(cookie, viewport);
      const work = workPage(page);
      await work.cards.filter({ hasText: 'Rendering' }).first().waitFor();
      await work.tiles.last().waitFor();
      await shoot(page, 'work');

      await work.tile('night_train_00001_.png').click();
      const viewer = viewerOf(page, 'night_train_00001_.png');
      await viewer.picture.waitFor();
      await page.keyboard.press('i');
      await viewer.madeWith.getByRole('region', { name: 'Prompt' }).waitFor();
      await shoot(page, 'viewer');

      const wall = await open(cookie, viewport, '/wall');
      await wall.getByRole('heading', { name: 'Wall', level: 1 }).waitFor();
      await wall.getByRole('figure').first().waitFor();
      await shoot(wall, 'wall');

      const admin = await open(stage.operator.cookie, viewport, '/admin');
      await admin.getByRole('row', { name: OTHERS[0]! }).waitFor();
      await admin.getByRole('table', { name: 'Endpoints' }).waitFor();
      await shoot(admin, 'admin');
    }
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
    for (const context of contexts) await context.close();
    await stage.close();
  }
});
