import { join } from 'node:path';
import { type BrowserContext, type Page, test } from '@playwright/test';
import { type Cookie, signIn } from './api.ts';
import { runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { root } from './product.ts';
import { openStage } from './stage.ts';
import { picture } from './workflows.ts';

/** Takes the pictures of docs/images from a class that is made up here: `npx playwright test -c e2e --project=screenshots`. */
const JOBS = [
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
  await page.mouse.move(0, 0);
  // Thumbnails fade in once they have loaded.
  await page.waitForFunction(() =>
    [...document.images].every((image) => image.naturalWidth > 0 && getComputedStyle(image).opacity === '1'),
  );
  await page.screenshot({ path: join(root, `docs/images/${name}.png`), animations: 'disabled' });
}

test('pictures for the docs', async ({ browser }) => {
  test.setTimeout(240_000);
  const stage = await openStage({ pace: 0.3 });
  const contexts: BrowserContext[] = [];
  const open = async (cookie: Cookie, path = '/') => {
    const context = await browser.newContext({ baseURL: stage.url, viewport: { width: 1440, height: 900 } });
    contexts.push(context);
    await context.addCookies([{ ...cookie, url: stage.url }]);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  };
  try {
    const { participants } = stage.operator.api.admin;
    const [maya, ...others] = await participants.create.mutate({ names: ['Maya Okafor', ...OTHERS] });
    const { api, cookie } = await signIn(stage.url, maya!.name, maya!.passphrase);
    for (const { title, ...rest } of JOBS)
      await runJob(api, {
        title,
        prompt: picture({ ...rest, steps: 20, prefix: title.toLowerCase().replace(' ', '_') }),
      });

    await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
    const alive = ['Lighthouse, wide', 'Lighthouse, close', 'Lighthouse, from the sea'];
    for (const title of alive) await api.jobs.submit.mutate({ title, prompt: picture({ prompt: title }) });
    for (const other of others.slice(0, 4)) {
      const theirs = await signIn(stage.url, other.name, other.passphrase);
      for (let jobs = 0; jobs < 2; jobs++) await theirs.api.jobs.submit.mutate({ title: 'Film', prompt: picture() });
    }

    const page = await open(cookie);
    const work = workPage(page);
    await work.cards.filter({ hasText: 'Rendering' }).first().waitFor();
    await work.tiles.last().waitFor();
    await shoot(page, 'work');

    const overview = await open(stage.operator.cookie, '/admin');
    await overview.getByRole('row', { name: OTHERS[0]! }).waitFor();
    await overview.getByRole('table', { name: 'Endpoints' }).waitFor();
    await shoot(overview, 'overview');

    const queue = await open(stage.operator.cookie, '/admin/queue');
    await queue
      .getByRole('row', { name: `Film of ${OTHERS[0]}` })
      .first()
      .waitFor();
    await shoot(queue, 'queue');
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
    for (const context of contexts) await context.close();
    await stage.close();
  }
});
