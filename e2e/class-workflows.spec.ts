import sharp from 'sharp';
import { expectNoFaults } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR } from './stage.ts';
import { editorWorkflow, picture } from './workflows.ts';

const teacher = { id: '', ...OPERATOR };
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const png = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 96, height: 64, channels: 3, background } })
    .png()
    .toBuffer();

const SEED = 4711;
/** A picture from words, over a plate that is not among anybody's uploads. */
const overPlate = {
  ...picture({ prompt: 'a gull over the harbour', seed: SEED, steps: 20, prefix: 'over' }),
  '8': { class_type: 'LoadImage', inputs: { image: 'plate.png' } },
  '9': {
    class_type: 'ImageBlend',
    inputs: { image1: ['8', 0], image2: ['6', 0], blend_factor: 0.5, blend_mode: 'normal' },
  },
  '7': { class_type: 'SaveImage', inputs: { images: ['9', 0], filename_prefix: 'over' } },
};

test('a teacher sets up a workflow of the class; a student finds it on a phone, fills it with a picture, and runs it', async ({
  stage,
  open,
  ada,
  api,
}) => {
  const { workflows } = stage.operator.api.admin;
  const added: string[] = [];
  for (const [name, prompt] of [
    ['Alley at night', picture()],
    ['Over a plate', overPlate],
  ] as const)
    added.push((await workflows.add.mutate({ name, workflow: editorWorkflow, prompt })).id);
  // Other tests have left some on this stage.
  await workflows.order.mutate({ ids: added });
  try {
    const admin = await open(teacher, { path: '/admin/announce' });
    await admin.getByRole('button', { name: 'Move Alley at night down' }).click();
    await expect(admin.getByRole('button', { name: 'Move Alley at night down' })).toBeFocused();
    await admin.getByRole('button', { name: 'Set up Over a plate' }).click();
    const setup = admin.getByRole('dialog', { name: 'Set up Over a plate' });
    await setup.getByLabel('What it makes').fill('Your plate with a picture over it');
    await setup
      .getByLabel('Choose a picture')
      .setInputFiles({ name: 'sample.png', mimeType: 'image/png', buffer: await png('#a85f00') });
    await expect(setup.getByRole('img', { name: 'What Over a plate makes' })).toBeVisible();
    await setup.getByRole('checkbox', { name: 'CFG' }).uncheck();
    await setup.getByLabel('Steps: at most').fill('30');
    await setup.getByRole('checkbox', { name: 'Everything else can be changed too' }).uncheck();
    await expectNoFaults(admin);
    await setup.getByRole('button', { name: 'Save' }).click();
    await expect(setup).toBeHidden();

    const page = await open(ada, phone);
    const work = workPage(page);
    const dialog = work.dialog;
    await page.getByRole('button', { name: 'Run a workflow' }).tap();
    await expect(dialog.getByRole('radio').first()).toHaveAccessibleName('Over a plate');
    await expect(dialog.getByRole('radio').first()).toHaveAccessibleDescription('Your plate with a picture over it');
    await dialog.getByRole('radio', { name: 'Over a plate' }).check();
    await expect(dialog.getByRole('textbox', { name: 'CFG' })).toBeHidden();
    await expect(dialog.getByText('All settings')).toBeHidden();
    const run = dialog.getByRole('button', { name: 'Run', exact: true });
    await expect(dialog.getByText('Choose a picture.')).toBeVisible();
    await expect(run).toBeDisabled();
    await dialog
      .getByLabel('Upload picture for Picture')
      .setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: await png('#800000') });
    await expect(dialog.locator('fieldset img[src*="/files/inputs/"]')).not.toHaveJSProperty('naturalWidth', 0);
    await dialog.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a kite');
    await dialog.getByLabel('Shape').selectOption('1:1');
    await expect(dialog.getByRole('textbox', { name: 'Width' })).toHaveValue('312');
    await dialog.getByRole('textbox', { name: 'Steps' }).fill('31');
    await expect(dialog.getByText('At most 30.')).toBeVisible();
    await expect(run).toBeDisabled();
    await dialog.getByRole('textbox', { name: 'Steps' }).fill('5');
    await expectNoFaults(page);
    await dialog.getByRole('textbox', { name: 'Steps' }).press('Control+Enter');
    await expect(dialog).toBeHidden();
    await expect(work.tile('over_00001_.png')).toBeVisible();

    const [job] = (await api.jobs.list.query()).items;
    expect(job?.title).toBe('Over a plate');
    const { prompt } = await api.jobs.graph.query({ id: job?.id ?? '' });
    expect(prompt).toMatchObject({
      '2': { inputs: { text: 'a kite' } },
      '4': { inputs: { width: 312, height: 312 } },
      '5': { inputs: { steps: 5, cfg: 7 } },
      '8': { inputs: { image: 'mine.png' } },
    });
    expect(prompt).not.toMatchObject({ '5': { inputs: { seed: SEED } } });
  } finally {
    for (const id of added) await workflows.remove.mutate({ id });
  }
});
