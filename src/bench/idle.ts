import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeClass } from './class.ts';
import { withFolder } from './folder.ts';
import { residentMiB } from './process-figures.ts';
import { type BenchProduct, withProduct } from './product.ts';
import { median, ms, table } from './report.ts';

const STARTS = 5;
const IDLE_MS = 60_000;
const PAGES = ['/', '/account', '/admin', '/login'];
const LOADS = 5;
/** Nobody listens there. */
const DEAD = { url: 'http://127.0.0.1:9', capacity: 1 };

/** Loads a page as a browser does: the page, and all scripts and styles that it names. */
async function loadPage(product: BenchProduct, token: string, path: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const page = await fetch(`${product.url}${path}`, { headers });
  const html = await page.text();
  if (page.status !== 200) throw new Error(`${path} answered ${page.status}.`);
  for (const asset of new Set(html.match(/\/_next\/static\/[^"'\\ )]+/g)))
    await (await fetch(`${product.url}${asset}`, { headers })).arrayBuffer();
}

/** A Node that does nothing, for comparison. */
async function bareNodeMiB(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const resident = await residentMiB(child.pid ?? 0);
  child.kill();
  await exited;
  return resident;
}

/** Time until it serves, and memory when nobody uses it. */
export const measureIdle = (): Promise<void> =>
  withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const { operator } = await makeClass(dataDir, 20);
    const options = { dataDir, sfsDir: join(folder, 'sfs'), endpoint: DEAD };
    const starts: number[] = [];
    for (let n = 0; n < STARTS; n += 1)
      starts.push(await withProduct(options, async ({ readyAfterMs }) => readyAfterMs));
    const mib = (value: number) => `${value.toFixed(0)} MiB`;
    await withProduct(options, async (product) => {
      const fresh = await residentMiB(product.pid);
      for (let n = 0; n < LOADS; n += 1) for (const path of PAGES) await loadPage(product, operator.token, path);
      const used = await residentMiB(product.pid);
      await sleep(IDLE_MS);
      const idle = await residentMiB(product.pid);
      table('Start and memory of the built server', [
        ['', 'measured', 'goal'],
        ['process start → first 200 of /readyz, median', ms(median(starts)), ms(2000)],
        ['the slowest of these', ms(Math.max(...starts)), ''],
        ['resident after the start', mib(fresh), ''],
        [`resident after ${LOADS * PAGES.length} page loads`, mib(used), ''],
        ['resident a minute later', mib(idle), mib(250)],
        ['a Node that does nothing', mib(await bareNodeMiB()), ''],
      ]);
    });
  });
