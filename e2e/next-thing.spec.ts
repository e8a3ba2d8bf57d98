import type { Graph } from '#src/domain/workflow/graph.ts';
import { expectNoFaults } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { viewerOf } from './pages/viewer.ts';
import { workPage } from './pages/work.ts';
import { editorWorkflow, film } from './workflows.ts';

/** A film that begins with a picture. */
const animate: Graph = {
  ...film({
    prompt: 'the camera moves in slowly',
    length: 9,
    prefix: 'take',
    model: 'v1-5-pruned-emaonly-fp16.safetensors',
  }),
  '9': { class_type: 'LoadImage', inputs: { image: 'still.png' } },
  '4': {
    class_type: 'WanImageToVideo',
    inputs: {
      positive: ['2', 0],
      negative: ['3', 0],
      vae: ['1', 2],
      start_image: ['9', 0],
      width: 256,
      height: 144,
      length: 9,
      batch_size: 1,
    },
  },
  '5': {
    class_type: 'KSampler',
    inputs: {
      model: ['1', 0],
      positive: ['4', 0],
      negative: ['4', 1],
      latent_image: ['4', 2],
      seed: 1,
      steps: 2,
      cfg: 7,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
    },
  },
};

const DESK = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

for (const [where, options] of [
  ['at a desk, judged by keys', DESK],
  ['on a phone', PHONE],
] as const)
  test(`a still is varied, animated, judged, run again with another model, and downloaded: ${where}`, async ({
    stage,
    open,
    ada,
    api,
  }) => {
    test.setTimeout(240_000);
    const byKeys = options === DESK;
    const { workflows } = stage.operator.api.admin;
    const name = `Animate a still ${where}`;
    const { id } = await workflows.add.mutate({ name, workflow: editorWorkflow, prompt: animate });
    const found = async (kind: 'image' | 'video'): Promise<number> =>
      (await api.results.list.query({ kind })).items.length;
    const page = await open(ada, options);
    const work = workPage(page);
    const viewer = viewerOf(page, /_\.(png|mp4)$/);
    /** By its key at a desk, by its button elsewhere. */
    const act = (key: string, button: RegExp): Promise<void> =>
      byKeys ? page.keyboard.press(key) : viewer.button(button).click();

    await test.step('a still, varied', async () => {
      await work.runSample('Text to image', 'a lighthouse at dusk');
      await work.tiles.first().click();
      await expect(viewer.picture).toBeVisible();
      await act('v', /^Vary/);
      await expect.poll(() => found('image')).toBe(5);
    });

    await test.step('judged', async () => {
      if (byKeys) {
        // What comes while somebody judges may come between two takes: all have to be there first.
        await expect(viewer.dialog.getByRole('navigation', { name: 'Filmstrip' }).getByRole('button')).toHaveCount(5);
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('f');
        await expect(viewer.button(/^Favourite/)).toHaveAttribute('aria-pressed', 'true');
        await page.keyboard.press('5');
        await expect(viewer.button(/^Newer/)).toBeVisible();
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('x');
        await page.keyboard.press('c');
        const compared = page.getByRole('dialog', { name: /^Compare/ });
        await expect(compared.getByText(/Take \d of 5/).first()).toBeVisible();
        await page.keyboard.press('Escape');
        await expect(viewer.picture).toBeVisible();
        await page.keyboard.press('ArrowRight');
      } else {
        await viewer.button(/^Newer/).click();
        await viewer.button(/^Favourite/).click();
      }
      await expect(viewer.button(/^Favourite/)).toHaveAttribute('aria-pressed', 'true');
      await expect.poll(async () => (await api.results.list.query({ favourite: true })).items.length).toBe(1);
      if (byKeys) await expectNoFaults(page);
    });

    await test.step('animated', async () => {
      await act('u', /^Use as input/);
      const dialog = page.getByRole('dialog', { name: 'Use as input' });
      await dialog.getByRole('button', { name: new RegExp(`^${name}`) }).click();
      await expect(dialog.getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue(
        'the camera moves in slowly',
      );
      if (byKeys) await expectNoFaults(page);
      await dialog.getByRole('button', { name: 'Run', exact: true }).click();
      await expect(dialog).toBeHidden();
      await expect.poll(() => found('video')).toBe(1);
    });

    await test.step('run again with another model', async () => {
      await page.keyboard.press('Escape');
      await work.tile('take_00001_.mp4').click();
      await act('e', /^Edit and run/);
      const editor = page.getByRole('dialog', { name: /^New version of/ });
      await editor.getByText('All settings').click();
      await editor.getByRole('textbox', { name: 'Model', exact: true }).fill('flux1-schnell-fp8.safetensors');
      if (byKeys) await expectNoFaults(page);
      await editor.getByRole('button', { name: 'Run', exact: true }).click();
      await expect(editor).toBeHidden();
      await expect.poll(() => found('video')).toBe(2);
      const [newest] = (await api.results.list.query({ kind: 'video' })).items;
      expect(newest?.model).toBe('flux1-schnell-fp8.safetensors');
    });

    await test.step('downloaded', async () => {
      const download = page.waitForEvent('download');
      if (byKeys) await page.keyboard.press('d');
      else await viewer.dialog.getByRole('link', { name: 'Download' }).first().click();
      expect((await download).suggestedFilename()).toMatch(/^take_0000\d_\.mp4$/);
    });
    await workflows.remove.mutate({ id });
  });
