import { expect, test } from './fixtures.ts';
import { completed, runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { markPage } from './same-page.ts';
import { layWire } from './wire.ts';
import { picture } from './workflows.ts';

const AWAY = 'Live updates are off, reconnecting. Your jobs keep running.';

test('two tabs of one person both live', async ({ stage, open, ada }) => {
  const first = await open(ada);
  const second = await first.context().newPage();
  await second.goto('/');
  const [one, other] = [workPage(first), workPage(second)];
  await other.empty.waitFor();
  const stayed = await markPage(second);
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  try {
    await one.runSample('Text to image');
    for (const work of [one, other]) await expect(work.card('Text to image')).toContainText('Rendering');
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
  }
  // It is said for a few seconds only.
  await second.getByRole('status', { name: 'Updates' }).filter({ hasText: 'Result arrived' }).waitFor();
  for (const work of [one, other]) await expect(work.tiles).toHaveCount(1);
  await stayed();
});

test('a lost connection is shown; missed results appear on reconnecting, without a reload', async ({
  stage,
  open,
  complaints,
  ada,
  api,
}) => {
  complaints.expect(/WebSocket|Failed to load resource/);
  const wire = await layWire(stage.url);
  try {
    const page = await open(ada, { baseURL: wire.url });
    const work = workPage(page);
    await runJob(api, { prompt: picture({ prefix: 'before' }) });
    await expect(work.tile('before_00001_.png')).toBeVisible();
    const stayed = await markPage(page);

    wire.cut();
    await expect(page.getByText(AWAY)).toBeVisible();
    await runJob(api, { prompt: picture({ prefix: 'missed', batch: 2 }) });
    await expect(work.tiles).toHaveCount(1);

    const lost: string[] = [];
    page.on('requestfailed', (request) => void (request.url().includes('/_next/static/') && lost.push(request.url())));
    await page.getByRole('button', { name: 'Download all' }).click();
    await expect.poll(() => lost.length, { message: 'the bundler has given up' }).toBeGreaterThan(1);

    wire.mend();
    await expect(page.getByRole('dialog', { name: 'Download' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByText(AWAY)).toBeHidden();
    await expect(work.tile('missed_00001_.png')).toBeVisible();
    await expect(work.tiles).toHaveCount(2);
    await runJob(api, { prompt: picture({ prefix: 'after' }) });
    await expect(work.tile('after_00001_.png')).toBeVisible();
    await expect(work.tiles).toHaveCount(3);
    await stayed();
  } finally {
    wire.close();
  }
});

test('the server crashes during a job: the window recovers by itself, and the result arrives once', async ({
  stage,
  open,
  complaints,
  ada,
  api,
}) => {
  complaints.expect(/WebSocket|Failed to load resource/);
  const page = await open(ada);
  const work = workPage(page);
  await work.empty.waitFor();
  const stayed = await markPage(page);
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  const { id } = await api.jobs.submit.mutate({ title: 'Survivor', prompt: picture({ prefix: 'survivor' }) });
  await expect(work.card('Survivor')).toContainText('Rendering');
  await stage.crash();
  await stage.fleet.setFaults({ nodes: [] });
  await expect(work.tile('survivor_00001_.png')).toBeVisible();
  expect(await completed(api, id)).toHaveLength(1);
  expect((await api.jobs.get.query({ id })).attempts).toBe(1);
  await expect(work.tiles).toHaveCount(1);
  await stayed();
});
