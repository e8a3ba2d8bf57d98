import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expectNoFaults } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR, type Stage } from './stage.ts';
import { picture } from './workflows.ts';

const teacher = { id: '', ...OPERATOR };

test('an operator adds an endpoint, orders, tests, warms up and disables it', async ({ stage, open, api }) => {
  const { admin } = stage.operator.api;
  const { id } = await admin.workflows.add.mutate({
    name: 'Class film',
    workflow: { nodes: [] },
    prompt: picture(),
  });
  // Other tests run samples on this stage.
  await admin.workflows.setOffered.mutate({ id, offered: false });
  const [room] = await admin.endpoints.list.query();
  const page = await open(teacher, { path: '/admin/endpoints' });
  const table = page.getByRole('table', { name: 'Endpoints' });
  await page.getByRole('button', { name: 'Add an endpoint' }).click();
  const form = page.getByRole('dialog', { name: 'Add an endpoint' });
  await form.getByRole('textbox', { name: 'Name' }).fill('B300');
  await form.getByRole('textbox', { name: 'Address' }).fill(room!.url);
  await form.getByRole('spinbutton', { name: 'Price per hour (EUR)' }).fill('4.8');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  const row = table.getByRole('row', { name: 'B300' });
  const dialog = page.getByRole('dialog', { name: 'B300' });
  await expect(dialog).toContainText('This endpoint gets no jobs before it has passed a test.');
  await page.keyboard.press('Escape');
  await expect(row).toContainText('4.80');
  await expect(row).toContainText('Off, not tested');

  await row.getByRole('button', { name: 'Move B300 down' }).focus();
  await page.keyboard.press('Enter');
  await expect(table.getByRole('row').nth(2)).toContainText('B300');
  await expect(page.getByText('the first endpoint in this list with free capacity')).toBeVisible();
  await expect(row.getByRole('button', { name: 'Move B300 down' })).toBeFocused();
  await expectNoFaults(page);

  await row.getByRole('button', { name: 'Test B300' }).click();
  await expect(dialog.getByText('costs 0.80 EUR').first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Test and enable' }).click();
  await expect(dialog.getByText(/^ComfyUI .* answered after/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Test', exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Pause for 10 min' }).click();
  await dialog.getByRole('button', { name: 'Resume now' }).click();
  await expect(dialog.getByText(/^One GPU runs for about 2 h .*: about \d+\.\d\d EUR in total\.$/)).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Until' }).fill('23:59');
  await dialog.getByRole('button', { name: 'Keep warm' }).click();
  await expect(dialog.getByText('Kept warm until 23:59')).toBeVisible();
  await expect(dialog.getByText(/^Warm since/)).toBeVisible();
  await expect(dialog.getByText(/1 (cold|warm) start/)).toBeVisible();
  await expectNoFaults(page);
  await dialog.getByRole('button', { name: 'Stop keeping warm' }).click();
  await expect(dialog.getByText('Kept warm until')).toBeHidden();

  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(row).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();

  await row.getByRole('button', { name: 'Disable B300' }).click();
  await table.getByRole('button', { name: 'Disable Room 1' }).click();
  await expect(table.getByRole('row', { name: 'Room 1' })).toContainText('Off');
  try {
    const { id } = await api.jobs.submit.mutate({ prompt: picture() });
    await expect.poll(async () => (await api.jobs.get.query({ id })).position).toBe(1);
    await table.getByRole('button', { name: 'Enable Room 1' }).click();
    await expect.poll(async () => (await api.jobs.get.query({ id })).status).toBe('completed');
  } finally {
    await admin.endpoints.setEnabled.mutate({ id: room!.id, enabled: true });
    for (const { id, name } of await admin.endpoints.list.query())
      if (name === 'B300') await admin.endpoints.remove.mutate({ id });
  }
});

test('a new endpoint with a wrong address is not in use', async ({ stage, open }) => {
  const page = await open(teacher, { path: '/admin/endpoints' });
  await page.getByRole('button', { name: 'Add an endpoint' }).click();
  const form = page.getByRole('dialog', { name: 'Add an endpoint' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Typo');
  await form.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:9');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Typo' });
  try {
    await dialog.getByRole('button', { name: 'Test and enable' }).click();
    await expect(dialog.getByText(/^No connection/)).toBeVisible();
    await dialog.getByRole('button', { name: 'Enable anyway' }).click();
    await page.keyboard.press('Escape');
    const row = page.getByRole('table', { name: 'Endpoints' }).getByRole('row', { name: 'Typo' });
    await expect(row).toContainText('Test failed');
    await expect(row).not.toContainText('In use');
  } finally {
    const { endpoints } = stage.operator.api.admin;
    for (const { id, name } of await endpoints.list.query()) if (name === 'Typo') await endpoints.remove.mutate({ id });
  }
});

/** As if the database that knew of it were lost: the attempt's folder under an id that nobody knows. */
async function makeOrphanedFile(stage: Stage, attemptId: string): Promise<void> {
  const folder = join(stage.outputs, 'comfyume');
  await rename(join(folder, attemptId), join(folder, '0f9e8d7c-1234-4abc-8def-001122334455'));
}

test('an operator assigns an orphaned file to a participant, finds a missing model, and downloads their results', async ({
  stage,
  open,
  as,
}) => {
  const [ada, ben] = await stage.people('Ada', 'Ben');
  const { api } = await as(ben!);
  // Before anybody's first job there is no such folder.
  await mkdir(join(stage.outputs, 'comfyume'), { recursive: true });
  const before = new Set(await readdir(join(stage.outputs, 'comfyume')));
  await runJob(api, { prompt: picture({ prefix: 'lost' }) });
  const attempt = (await readdir(join(stage.outputs, 'comfyume'))).find((name) => !before.has(name));
  await makeOrphanedFile(stage, attempt!);
  await mkdir(join(dirname(stage.outputs), 'models/checkpoints'), { recursive: true });
  await writeFile(join(dirname(stage.outputs), 'models/checkpoints/sd_xl_base_1.0_old.safetensors'), 'weights');
  const { workflows } = stage.operator.api.admin;
  const { id } = await workflows.add.mutate({ name: 'Needs SDXL', workflow: { nodes: [] }, prompt: picture() });
  await workflows.setOffered.mutate({ id, offered: false });

  const page = await open(teacher, { path: '/admin/storage' });
  await expect(page.getByRole('region', { name: 'Free space' })).toContainText('free');
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByRole('button', { name: /passed; show all/ }).click();
  await expect(page.getByRole('list', { name: 'Findings' })).toContainText('Endpoint Room 1');

  await page.getByRole('combobox', { name: 'Check a workflow’s models' }).selectOption('Needs SDXL');
  const models = page.getByRole('list', { name: 'Models of the workflow' });
  await expect(models).toContainText('Missing: sd_xl_base_1.0.safetensors in checkpoints');
  await expect(models).toContainText('checkpoints/sd_xl_base_1.0_old.safetensors');

  await page.getByRole('button', { name: 'Find orphaned files' }).click();
  await page.getByRole('checkbox', { name: /^Select comfyume/ }).check();
  await page.getByRole('combobox', { name: 'Assign to' }).selectOption(ada!.name);
  await expectNoFaults(page);
  await page.getByRole('button', { name: 'Assign 1 file' }).click();
  await expect(page.getByText('No orphaned files.')).toBeVisible();
  const theirs = workPage(await open(ada!));
  await expect(theirs.tiles).toHaveCount(1);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: `Download everything of ${ada!.name}` }).click(),
  ]);
  expect(download.suggestedFilename()).toContain(ada!.name);

  await page.getByRole('spinbutton', { name: 'Keep for (days)' }).fill('30');
  await page.getByRole('button', { name: 'Save rules' }).click();
  await expect(page.getByText('Nothing to clean up with these rules.')).toBeVisible();
  await expect
    .poll(() => stage.operator.api.admin.settings.get.query())
    .toMatchObject({ keepDays: 30, cleanUpDaily: false });
});
