import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { COOKIE } from '#src/server/http/cookies.ts';
import { makeClass, openSession } from './class.ts';
import { withFolder } from './folder.ts';
import { cpuSeconds } from './process-figures.ts';
import { type BenchProduct, withProduct } from './product.ts';
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
/** In each frame; at sixty of them a second, more than five screens. */
const FLING_PX = 80;
const FLING_MS = 10_000;
const DRAG_MS = 15_000;
/** For reading all pages one after the other. */
const MAX_MS = 240_000;
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

async function ask(product: BenchProduct, token: string, path: string, input: object): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${product.url}/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  return performance.now() - began;
}

async function measureReads(product: BenchProduct, token: string): Promise<void> {
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
  const meant: number[] = [];
  for (let n = 0; n < READS; n += 1) meant.push(await ask(product, token, 'results.spelling', { words: 'hrabour' }));
  rows.push(['what a misspelt word may mean', ms(median(meant)), ms(quantile(meant, 0.99)), '', '', ms(GOAL_MS)]);
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

type Scrolled = { readonly what: string; readonly frames: readonly number[]; readonly seconds: number };

/** Runs `step` before each frame until it answers true; the time of each frame. In words, because what a compiler adds is not there in the page. */
async function scroll(page: Page, what: string, step: string): Promise<Scrolled> {
  const frames = z.array(z.number()).parse(
    await page.evaluate(`new Promise((resolve) => {
      const step = ${step};
      const frames = [];
      const began = performance.now();
      let before = began;
      requestAnimationFrame(function next(now) {
        frames.push(now - before);
        before = now;
        if (step(now - began)) resolve(frames);
        else requestAnimationFrame(next);
      });
    })`),
  );
  // The first one began before there was anything to scroll.
  return { what, frames: frames.slice(1), seconds: frames.reduce((sum, frame) => sum + frame, 0) / 1000 };
}

/** As a strong wheel does. */
const fling = (page: Page, what: string, direction: 1 | -1): Promise<Scrolled> =>
  scroll(
    page,
    what,
    `(ms) => { window.scrollBy({ top: ${direction * FLING_PX}, behavior: 'instant' }); return ms > ${FLING_MS}; }`,
  );

/** As fast as older results can be read, as somebody who holds the scroll bar at its lower end. */
const toTheEnd = (page: Page): Promise<Scrolled> =>
  scroll(
    page,
    'down to the end, reading all',
    `(ms) => {
      window.scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
      return ms > ${MAX_MS} || document.querySelector('[aria-labelledby="results"] > button') === null;
    }`,
  );

/** The scroll bar dragged back to the top, with rests in which pictures come. */
const dragUp = (page: Page): Promise<Scrolled> =>
  scroll(
    page,
    'scroll bar dragged to the top',
    `(() => {
      const from = window.scrollY;
      return (ms) => {
        const part = Math.min(1, ms / ${DRAG_MS});
        if (ms % 1000 < 500 || part === 1) window.scrollTo({ top: from * (1 - part), behavior: 'instant' });
        return part === 1;
      };
    })()`,
  );

async function measureScrolling(product: BenchProduct, cookie: string): Promise<void> {
  const browser = await openBrowser();
  if (!browser) return say('\n  There is no Chromium here; scrolling was not measured.');
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addCookies([{ name: COOKIE, value: cookie, url: product.url }]);
    const page = await context.newPage();
    await page.goto(product.url);
    await page.locator('[data-result]').first().waitFor();
    const session = await context.newCDPSession(page);
    const heaps: (readonly [string, number])[] = [['first page shown', await heapMiB(session)]];
    const parts = [await fling(page, 'wheel at the top', 1), await toTheEnd(page)];
    const left = await page.locator('[aria-labelledby="results"] > button').count();
    heaps.push([left === 0 ? 'at the end' : 'as far as it came', await heapMiB(session)]);
    parts.push(await fling(page, 'wheel at the end', -1), await dragUp(page));
    await page.evaluate('window.scrollTo({ top: document.documentElement.scrollHeight / 2, behavior: "instant" })');
    parts.push(await fling(page, 'wheel in the middle', 1));
    await page.evaluate('window.scrollTo({ top: 0, behavior: "instant" })');
    await page.locator('[data-result]').first().waitFor();
    heaps.push(['back at the top', await heapMiB(session)]);
    const { nodes } = await session.send('Memory.getDOMCounters');
    table('Scrolling to the end and back in Chromium', [
      ['', 'time', 'frames', `over ${FRAME_MS} ms`, 'p50', 'p99', 'longest'],
      ...parts.map(({ what, frames, seconds }) => [
        what,
        `${seconds.toFixed(0)} s`,
        String(frames.length),
        String(frames.filter((frame) => frame > FRAME_MS).length),
        ms(median(frames)),
        ms(quantile(frames, 0.99)),
        ms(Math.max(...frames)),
      ]),
    ]);
    if (left > 0) say(`    The end was not reached in ${MAX_MS / 1000} s.`);
    table('Memory of the tab (script heap after collecting garbage)', [
      ['', 'measured'],
      ...heaps.map(([when, heap]) => [when, `${heap.toFixed(0)} MiB`]),
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
    const { students } = await makeClass(dataDir, 1);
    const [student] = students;
    if (!student) throw new Error('There is nobody in the class.');
    const cookie = await openSession(dataDir, student.userId);
    await seedGallery(dataDir, student.userId, RESULTS);
    await withProduct({ dataDir, sfsDir: join(folder, 'sfs'), endpoint: DEAD }, async (product) => {
      await measureReads(product, student.token);
      await measureScrolling(product, cookie);
    });
  });
