import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { makeClass } from './class.ts';
import { withFolder } from './folder.ts';
import { cpuSeconds } from './process-figures.ts';
import { type Product, withProduct } from './product.ts';
import { median, ms, quantile, say, table } from './report.ts';
import { seedGallery } from './seed-gallery.ts';

const RESULTS = 100_000;
const READS = 60;
const FIRST_PAGE = 60;
const GOAL_MS = 50;
/** Nobody listens there. */
const DEAD = { url: 'http://127.0.0.1:9', capacity: 1 };
const MIB = 1024 ** 2;
const FRAME_MS = 50;
const STEP_PX = 2400;
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FILTERS: readonly (readonly [string, object])[] = [
  ['everything', { rejected: false }],
  ['favourites', { rejected: false, favourite: true }],
  ['five stars', { rejected: false, minRating: 5 }],
  ['films, of which there are none', { rejected: false, kind: 'video' }],
  ['one model of three', { rejected: false, model: 'flux1-dev.safetensors' }],
  ['one LoRA', { rejected: false, lora: 'anamorphic.safetensors' }],
  ['one workflow of eight', { rejected: false, title: 'harbour' }],
  ['one seed', { seed: '20000' }],
  ['words that few have', { rejected: false, words: 'harbour dawn' }],
  ['a word that all have', { rejected: false, words: 'take' }],
  ['a word that none has', { words: 'zebra' }],
];

async function ask(product: Product, token: string, path: string, input: object): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${product.url}/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  return performance.now() - began;
}

async function measureReads(product: Product, token: string): Promise<void> {
  const rows: string[][] = [['', 'first page p50', 'p99', 'CPU of each', 'count p50', 'goal']];
  for (const [name, filter] of FILTERS) {
    const pages: number[] = [];
    const counts: number[] = [];
    const before = await cpuSeconds(product.pid);
    for (let n = 0; n < READS; n += 1)
      pages.push(await ask(product, token, 'results.list', { ...filter, limit: FIRST_PAGE }));
    const cpuMs = ((await cpuSeconds(product.pid)) - before) * 1000;
    for (let n = 0; n < READS / 4; n += 1) counts.push(await ask(product, token, 'results.count', filter));
    rows.push([name, ms(median(pages)), ms(quantile(pages, 0.99)), ms(cpuMs / READS), ms(median(counts)), ms(GOAL_MS)]);
  }
  table(`Finding among ${RESULTS.toLocaleString('en')} results of one participant (HTTP, one at a time)`, rows);
}

async function openBrowser(): Promise<Browser | null> {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  try {
    return await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: ['--no-sandbox'] });
  } catch {
    return null;
  }
}

async function heapMiB(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / MIB;
}

/** Scrolls as a wheel does until the page does not go on; the time of each frame. In words, because what a compiler adds is not there in the page. */
const scroll = async (page: Page, step: number): Promise<number[]> =>
  z.array(z.number()).parse(
    await page.evaluate(`new Promise((resolve) => {
      const frames = [];
      let before = performance.now();
      let still = 0;
      requestAnimationFrame(function next(now) {
        frames.push(now - before);
        before = now;
        const from = window.scrollY;
        window.scrollBy({ top: ${step}, behavior: 'instant' });
        still = window.scrollY === from ? still + 1 : 0;
        // Older results are on their way while nothing moves.
        const more = ${step} > 0 && document.querySelector('[aria-labelledby="results"] > button') !== null;
        if (still > (more ? 3600 : 30)) resolve(frames);
        else requestAnimationFrame(next);
      });
    })`),
  );

async function measureScrolling(product: Product, token: string): Promise<void> {
  const browser = await openBrowser();
  if (!browser) return say('\n  There is no Chromium here; scrolling was not measured.');
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    // Its WebSocket gets no header from here; it reconnects in vain, which costs next to nothing.
    await page.setExtraHTTPHeaders({ authorization: `Bearer ${token}` });
    await page.goto(product.url);
    await page.locator('[data-result]').first().waitFor();
    const session = await page.context().newCDPSession(page);
    const fresh = await heapMiB(session);
    const began = performance.now();
    const down = await scroll(page, STEP_PX);
    const took = (performance.now() - began) / 1000;
    const atEnd = await heapMiB(session);
    const up = await scroll(page, -STEP_PX);
    const back = await heapMiB(session);
    const { nodes } = await session.send('Memory.getDOMCounters');
    const long = (frames: readonly number[]): string =>
      `${frames.filter((frame) => frame > FRAME_MS).length} of ${frames.length}`;
    const mib = (value: number): string => `${value.toFixed(0)} MiB`;
    table('Scrolling to the end and back in Chromium (reading all pages on the way)', [
      ['', 'down', 'up'],
      [`frames over ${FRAME_MS} ms`, long(down), long(up)],
      ['p50 of a frame', ms(median(down)), ms(median(up))],
      ['p99 of a frame', ms(quantile(down, 0.99)), ms(quantile(up, 0.99))],
      ['the longest', ms(Math.max(...down)), ms(Math.max(...up))],
      ['time', `${took.toFixed(0)} s`, ''],
    ]);
    table('Memory of the tab (script heap after collecting garbage)', [
      ['', 'measured'],
      ['first page shown', mib(fresh)],
      ['at the end', mib(atEnd)],
      ['back at the top', mib(back)],
      ['nodes in the page then', String(nodes)],
    ]);
  } finally {
    await browser.close();
  }
}

/** A participant with very many results. */
export const measureGallery = (): Promise<void> =>
  withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const { pupils } = await makeClass(dataDir, 1);
    const [pupil] = pupils;
    if (!pupil) throw new Error('There is nobody in the class.');
    await seedGallery(dataDir, pupil.userId, RESULTS);
    await withProduct({ dataDir, sfsDir: join(folder, 'sfs'), endpoint: DEAD }, async (product) => {
      await measureReads(product, pupil.token);
      await measureScrolling(product, pupil.token);
    });
  });
