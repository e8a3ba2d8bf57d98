import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { byFfmpeg, deliverFiles, hasFfmpeg, sineWav, triangleGlb } from './other-files.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR } from './stage.ts';
import { editorWorkflow, film, picture } from './workflows.ts';

async function downloadBy(page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('opens by address: back, forward and reload work', async ({ stage, open, ada, api }) => {
  await runJob(api, { prompt: picture({ prefix: 'sea' }) });
  const page = await open(ada);
  const tile = workPage(page).tile('sea_00001_.png');
  const viewer = viewerOf(page, 'sea_00001_.png');
  await tile.click();
  await expect(viewer.picture).toBeVisible();
  await expect(page).toHaveURL(/\/\?result=/);
  await page.goBack();
  await expect(viewer.dialog).toBeHidden();
  await page.goForward();
  await expect(viewer.picture).toBeVisible();
  await page.reload();
  await expect(viewer.picture).toBeVisible();
  await viewer.button('Close').click();
  await expect(viewer.dialog).toBeHidden();
  await expect(page).toHaveURL(`${stage.url}/`);
});

test('an operator who opens a participant’s result is told why keys change nothing; D downloads it', async ({
  open,
  ada,
  api,
}) => {
  await runJob(api, { prompt: picture({ prefix: 'theirs' }) });
  const [result] = (await api.results.list.query()).items;
  const page = await open({ id: '', ...OPERATOR }, { path: `/?result=${result!.id}` });
  const viewer = viewerOf(page, 'theirs_00001_.png');
  const why = `This is ${ada.name}’s result: only they can rate, show, compare or delete it.`;
  await expect(viewer.dialog.getByText(why)).toBeVisible();
  await expect(viewer.button(/^Favourite/)).toBeHidden();
  for (const key of ['f', '3', 'Delete', 'w', 'c']) {
    await page.keyboard.press(key);
    await expect(page.getByRole('listitem').filter({ hasText: why })).toBeVisible();
  }
  await expect(viewer.picture).toBeVisible();
  expect((await downloadBy(page, () => page.keyboard.press('d'))).name).toBe('theirs_00001_.png');
  expect((await api.results.list.query()).items).toEqual([result]);
});

test('arrow keys go to older and newer, Escape closes and restores the focus', async ({ open, ada, api }) => {
  for (const prefix of ['first', 'second', 'third']) await runJob(api, { prompt: picture({ prefix }) });
  const page = await open(ada);
  const work = workPage(page);
  await work.tile('third_00001_.png').click();
  await expect(viewerOf(page, 'third_00001_.png').picture).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(viewerOf(page, 'second_00001_.png').picture).toBeVisible();
  await viewerOf(page, 'second_00001_.png').button('Older').click();
  const oldest = viewerOf(page, 'first_00001_.png');
  await expect(oldest.picture).toBeVisible();
  await expect(oldest.button('Older')).toBeHidden();
  await page.keyboard.press('ArrowLeft');
  await expect(viewerOf(page, 'second_00001_.png').picture).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(work.tile('second_00001_.png')).toBeFocused();
});

test('keys that follow at once mean what the one before has brought', async ({ open, ada, api }) => {
  const [older] = await runJob(api, { prompt: picture({ prefix: 'older' }) });
  const [newer] = await runJob(api, { prompt: picture({ prefix: 'newer' }) });
  const page = await open(ada, { path: `/?result=${older!.id}` });
  const viewer = viewerOf(page, older!.filename);
  await expect(viewer.button(/^Newer/)).toBeVisible();
  // Between two keys of fast fingers nothing is rendered that can wait.
  await page.evaluate(async () => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
    await Promise.resolve();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'x' }));
  });
  await expect.poll(async () => (await api.results.get.query({ id: newer!.id })).result.rejected).toBe(true);
  expect((await api.results.get.query({ id: older!.id })).result.rejected).toBe(false);
});

test('shortcuts: parameters, background, 100%', async ({ open, ada, api }) => {
  const prompt = picture({
    prompt: 'an owl in a raincoat',
    seed: 4242,
    steps: 5,
    width: 640,
    height: 384,
    prefix: 'owl',
  });
  await runJob(api, { prompt, title: 'Owls' });
  const page = await open(ada, { viewport: { width: 1200, height: 900 } });
  await workPage(page).tile('owl_00001_.png').click();
  const viewer = viewerOf(page, 'owl_00001_.png');
  await expect(viewer.picture).toBeVisible();

  await page.keyboard.press('i');
  await expect(viewer.madeWith.getByRole('heading', { name: 'Owls' })).toBeVisible();
  await expect(viewer.madeWith.getByRole('region', { name: 'Prompt' })).toContainText('an owl in a raincoat');
  await expect(viewer.madeWith.getByRole('region', { name: 'Negative' })).toContainText('blurry');
  await expect(viewer.fact('Model')).toHaveText('sd_xl_base_1.0.safetensors');
  await expect(viewer.fact('Sampler')).toHaveText('euler, normal');
  await expect(viewer.fact('Steps')).toHaveText('5');
  await expect(viewer.fact('Seed')).toHaveText('4242');
  await expect(viewer.fact('Size')).toHaveText('640 × 384');
  await page.keyboard.press('i');
  await expect(viewer.madeWith).toBeHidden();

  for (const surround of ['18 % grey', 'white', 'black']) {
    await page.keyboard.press('b');
    await expect(viewer.button(`Background: ${surround} (B)`)).toBeVisible();
  }

  const width = async (): Promise<number> => Math.round((await viewer.picture.boundingBox())?.width ?? 0);
  const fitted = await width();
  expect(fitted).not.toBe(640);
  await page.keyboard.press('z');
  await expect.poll(width).toBe(640);
  await page.keyboard.press('+');
  await expect.poll(width).toBe(800);
  await page.keyboard.press('z');
  await expect.poll(width).not.toBe(800);
});

test('copies prompt and seed', async ({ open, ada, api }) => {
  await runJob(api, { prompt: picture({ prompt: 'a fox, 35 mm', seed: 77, prefix: 'fox' }) });
  const page = await open(ada, { permissions: ['clipboard-read', 'clipboard-write'] });
  await workPage(page).tile('fox_00001_.png').click();
  const viewer = viewerOf(page, 'fox_00001_.png');
  await viewer.button('Parameters (I)').click();
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await viewer.button('Copy prompt').click();
  await expect.poll(clipboard).toBe('a fox, 35 mm');
  await viewer.button('Copy seed').click();
  await expect.poll(clipboard).toBe('77');
});

test('downloads: the file, a clean copy, the workflow in both formats, and by dragging', async ({
  stage,
  open,
  ada,
  api,
}) => {
  const prompt = picture({ prefix: 'Schärfe/größe' });
  const [result] = await runJob(api, { title: 'Sharp', prompt, workflow: editorWorkflow });
  const page = await open(ada, { path: `/?result=${result!.id}` });
  const viewer = viewerOf(page, result!.filename);
  await viewer.button('Parameters (I)').click();
  const take = (name: string) =>
    downloadBy(page, () => viewer.madeWith.getByRole('link', { name, exact: true }).click());

  const file = await take('Download');
  expect(file.name).toBe('größe_00001_.png');
  expect(createHash('sha256').update(file.bytes).digest('hex')).toBe(result!.sha256);
  expect(file.bytes.includes('workflow')).toBe(true);
  const clean = await take('Without prompt and workflow');
  expect(clean.bytes.subarray(0, 8)).toEqual(file.bytes.subarray(0, 8));
  expect(clean.bytes.includes('workflow')).toBe(false);
  expect(JSON.parse((await take('Workflow in API format')).bytes.toString())).toEqual(prompt);
  expect(JSON.parse((await take('Workflow for the editor')).bytes.toString())).toEqual(editorWorkflow);

  await expect(viewer.picture).toHaveAttribute('draggable', 'true');
  await expect(viewer.fact('On the GPU')).toBeVisible();
  const carried = await viewer.picture.evaluate((image) => {
    const dataTransfer = new DataTransfer();
    image.dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer }));
    return Object.fromEntries([...dataTransfer.types].map((type) => [type, dataTransfer.getData(type)]));
  });
  expect(carried['text/uri-list']).toBe(`${stage.url}${result!.url}`);
  expect(JSON.parse(carried['application/json'] ?? '')).toEqual(editorWorkflow);
});

test('marks as in the grid: favourite, stars, reject, trash and undo', async ({ open, ada, api }) => {
  const [older] = await runJob(api, { prompt: picture({ prefix: 'older' }) });
  const [newer] = await runJob(api, { prompt: picture({ prefix: 'newer' }) });
  const page = await open(ada, { path: `/?result=${newer!.id}` });
  const viewer = viewerOf(page, newer!.filename);
  await expect(viewer.picture).toBeVisible();
  await page.keyboard.press('f');
  await expect(viewer.button('Favourite (F)')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('4');
  await expect(viewer.button('4 of 5 stars')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('x');
  await expect(viewer.button('Reject (X)')).toHaveAttribute('aria-pressed', 'true');
  const read = async () => (await api.results.get.query({ id: newer!.id })).result;
  await expect.poll(read).toMatchObject({ favourite: true, rating: 4, rejected: true });

  await viewer.button('Reject (X)').click();
  await page.keyboard.press('Delete');
  await expect(viewerOf(page, older!.filename).picture).toBeVisible();
  await expect.poll(async () => (await read()).removedAt).not.toBeNull();
  await page.keyboard.press('Control+z');
  await expect.poll(read).toMatchObject({ rejected: false, removedAt: null });
});

test('a film: frame by frame, speed, loop, sound, and seeking', async ({ open, ada, api }) => {
  const [result] = await runJob(api, { prompt: film({ length: 25, prefix: 'wood' }) });
  const page = await open(ada, { path: `/?result=${result!.id}` });
  const viewer = viewerOf(page, result!.filename);
  const shown = viewer.dialog.locator('video');
  const state = () =>
    shown.evaluate((video: HTMLVideoElement) => ({
      paused: video.paused,
      muted: video.muted,
      rate: video.playbackRate,
      time: video.currentTime,
    }));
  const timecode = viewer.dialog.locator('[data-timecode]');
  await expect(viewer.dialog).toContainText('of 25 · 16 fps');
  await expect.poll(async () => (await state()).time).toBeGreaterThan(0);
  await page.keyboard.press('Space');
  await expect.poll(state).toMatchObject({ paused: true });
  await page.keyboard.press('Home');
  await page.keyboard.press('.');
  await expect(timecode).toHaveText('00:00:00:01');
  await page.keyboard.press('>');
  await expect(timecode).toHaveText('00:00:00:11');
  await page.keyboard.press(',');
  await expect(timecode).toHaveText('00:00:00:10');
  await expect.poll(async () => Math.floor((await state()).time * 16)).toBe(10);
  await viewer.dialog.getByRole('slider', { name: 'Position' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(timecode).toHaveText('00:00:00:11');

  await viewer.dialog.getByRole('combobox', { name: 'Speed' }).selectOption('0.5');
  await viewer.button('Mute (M)').click();
  await expect.poll(state).toMatchObject({ rate: 0.5, muted: true });
  await viewer.button('Loop (Shift+L)').click();
  await expect(viewer.button('Loop (Shift+L)')).toHaveAttribute('aria-pressed', 'false');
  await viewer.button('Play (Space)').click();
  await expect(timecode).toHaveText('00:00:01:09');
  await expect(viewer.button('Play (Space)')).toBeVisible();
  await page.keyboard.press(']');
  await viewer.button('Play (Space)').click();
  await expect.poll(state).toMatchObject({ paused: false, rate: 1 });
});

test('other kinds: a model that rotates, a sound, SVG, a file for other programs, and a film that needs a copy, on the projector too', async ({
  stage,
  open,
  complaints,
  ada,
  api,
}) => {
  complaints.expect(/waveform|status of 404|GPU stall|WebGL/);
  const withFfmpeg = await hasFfmpeg();
  const prores = withFfmpeg && {
    'master.mov': await byFfmpeg('mov', '-f', 'lavfi', '-i', 'testsrc=s=320x180:r=24:d=1', '-c:v', 'prores_ks'),
  };
  const files = await deliverFiles(stage, api, {
    'triangle.glb': triangleGlb(),
    'hum.wav': sineWav(2),
    'logo.svg': Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><script>alert(1)</script><circle r="9"/></svg>',
    ),
    'scene.obj': Buffer.from('v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n'),
    ...prores,
  });
  const page = await open(ada);
  // Only a page that is alive hears of a new address.
  await expect(page.getByText(`${files.length + 1} results`).first()).toBeVisible();
  const show = async (ending: string) => {
    const result = files.find(({ filename }) => filename.endsWith(ending))!;
    await page.evaluate((id) => window.history.pushState(null, '', `/?result=${id}`), result.id);
    return viewerOf(page, result.filename);
  };

  const model = await show('.glb');
  await expect(model.dialog.getByText('1 triangle. Drag to turn.')).toBeVisible();
  const canvas = model.dialog.getByRole('img', { name: /triangle.*Arrow keys turn it/ });
  const before = await canvas.screenshot();
  await canvas.focus();
  for (let turns = 0; turns < 4; turns++) await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await canvas.screenshot()).equals(before)).toBe(false);

  const sound = await show('.wav');
  const wave = sound.dialog.getByRole('slider', { name: 'Waveform' });
  await expect(wave.locator('path').first()).toHaveAttribute('d', /^M/);
  const box = (await wave.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(wave).toHaveAttribute('aria-valuetext', '0:01.0');
  await page.keyboard.press('l');
  await expect
    .poll(() => sound.dialog.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime))
    .toBeGreaterThan(1.1);

  await expect((await show('.svg')).picture).toBeVisible();
  const other = await show('.obj');
  await expect(other.dialog).toContainText('Opens in Blender');
  await expect(other.dialog.getByRole('link', { name: 'Download the file' })).toBeVisible();

  if (withFfmpeg) {
    const master = await show('.mov');
    await expect(master.dialog.getByText('Playing a smaller copy')).toBeVisible();
    await expect(master.dialog).toContainText('of 24 · 24 fps');
    await expect
      .poll(() => master.dialog.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime))
      .toBeGreaterThan(0);
    await api.results.hang.mutate({
      ids: files.filter(({ kind }) => kind === 'video').map(({ id }) => id),
      onWall: true,
    });
    await page.goto('/wall/projector');
    const onWall = page.getByRole('main').locator('video[src$="proxy=1"]');
    await expect.poll(() => onWall.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0);
  }
});

test('a missing result is reported', async ({ open, complaints, ada }) => {
  complaints.expect(/status of 404/);
  const page = await open(ada, { path: '/?result=nothing-like-it' });
  await expect(page.getByText('This result does not exist, or it belongs to someone else.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(workPage(page).empty).toBeVisible();
});
