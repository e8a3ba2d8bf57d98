import { expectNoFaults } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { OPERATOR } from './stage.ts';

const teacher = { id: '', ...OPERATOR };

const editors = Buffer.from(JSON.stringify({ nodes: [{ id: 1, type: 'SaveImage' }], links: [], version: 0.4 }));

test('an announcement on every screen, “Please look up”, a shared workflow, errors of a tab, and the events', async ({
  stage,
  open,
  complaints,
  ada,
}) => {
  const [adas, teachers] = await Promise.all([open(ada), open(teacher, { path: '/admin/announce' })]);
  const line = adas.getByRole('status', { name: 'Announcement' });

  await teachers.getByLabel('Text', { exact: true }).fill('Lunch is ready');
  await teachers.getByLabel('Ends').selectOption('15');
  await teachers.getByRole('button', { name: 'Announce', exact: true }).click();
  await expect(line).toContainText('Lunch is ready');
  await expect(line).toContainText(/1[45]:\d\d/);

  await teachers.getByLabel('Text', { exact: true }).fill('Look at the projector');
  await teachers.getByLabel('Ends').selectOption('open');
  await teachers.getByLabel('Please look up').check();
  await teachers.getByRole('button', { name: 'Replace announcement' }).click();
  const large = adas.getByRole('dialog', { name: 'Please look up' });
  await expect(large).toContainText('Look at the projector');
  await expectNoFaults(adas);
  await adas.keyboard.press('Escape');
  await expect(large).toBeHidden();
  await expect(line).toContainText('Please look up');
  await expectNoFaults(adas);
  await expect.poll(async () => (await stage.operator.api.admin.queue.state.query()).dispatch).toBe('paused');

  await teachers.getByRole('button', { name: 'Add a workflow' }).click();
  await teachers
    .getByRole('dialog')
    .locator('input[type=file]')
    .setInputFiles({ name: 'Lesson 1.json', mimeType: 'application/json', buffer: editors });
  await expect(teachers.getByLabel('Name')).toHaveValue('Lesson 1');
  await teachers.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await teachers.getByRole('button', { name: 'Open Lesson 1 for everyone' }).click();
  await expect(line).toContainText('Open for everyone: Lesson 1');
  // By keyboard: what was just told stands in the mouse's way for some seconds.
  await teachers.getByRole('button', { name: 'Remove Lesson 1' }).press('Enter');
  await expect(teachers.getByRole('cell', { name: 'Lesson 1', exact: true })).toBeHidden();
  await teachers.getByRole('button', { name: 'Undo' }).click();
  await expect(teachers.getByRole('cell', { name: 'Lesson 1', exact: true })).toBeVisible();
  // The next test's Run dialog would offer it.
  const { workflows } = stage.operator.api.admin;
  for (const { id } of await workflows.list.query()) await workflows.remove.mutate({ id });
  await expectNoFaults(teachers);
  await teachers.getByRole('button', { name: 'End and resume' }).click();
  await expect(line).toBeEmpty();
  await expect.poll(async () => (await stage.operator.api.admin.queue.state.query()).dispatch).toBe('running');

  complaints.expect(/the canvas is gone/);
  await adas.evaluate(() => {
    setTimeout(() => {
      throw new Error('the canvas is gone, token=t0ps3cret');
    });
  });
  await teachers.goto('/admin/logs');
  const row = teachers.getByRole('row').filter({ hasText: 'the canvas is gone' });
  await expect(row).toContainText('comfyume /');
  await expectNoFaults(teachers);
  await row
    .getByRole('button', { name: /canvas/ })
    .first()
    .click();
  const reports = teachers.getByRole('dialog');
  await expect(reports).toContainText(ada.name);
  await expect(reports).not.toContainText('t0ps3cret');
  await teachers.keyboard.press('Escape');

  await teachers.goto('/admin/settings');
  await teachers.getByLabel('Queue order').selectOption('first-come');
  await teachers.getByRole('button', { name: 'Save' }).click();
  await expect(teachers.getByRole('table', { name: 'Settings history' })).toContainText('Queue order: First come');
  await expectNoFaults(teachers);
  expect(await stage.operator.api.admin.settings.get.query()).toMatchObject({ fairness: 'first-come' });
  await stage.operator.api.admin.settings.change.mutate({ fairness: 'fair' });

  await teachers.goto('/admin/events');
  await teachers.getByLabel('Search').fill('look at the projector');
  await expect(teachers.getByRole('table', { name: 'Events' })).toContainText('Please look up “Look at the projector”');
  await expectNoFaults(teachers);
  const saved = teachers.waitForEvent('download');
  await teachers.getByRole('button', { name: 'CSV' }).click();
  expect((await saved).suggestedFilename()).toBe('events.csv');
});
