import { dirname, join } from 'node:path';
import { expectNoFaults } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { startFleet } from './fleet.ts';
import { OPERATOR } from './stage.ts';

const teacher = { id: '', ...OPERATOR };

test('an operator tests live progress where it works, where WebSockets are refused, and where they take the place of jobs', async ({
  stage,
  open,
}) => {
  const { admin } = stage.operator.api;
  const inputs = join(dirname(stage.outputs), 'inputs');
  const fleet = await startFleet({ outputs: stage.outputs, inputs, pace: 0.05, replicas: 2, coldStartMs: 300 });
  const { id } = await admin.endpoints.upsert.mutate({ name: 'Lab', url: fleet.url, pricePerHour: 4.8 });
  const counts = async () => {
    const { gpuMs, completed, failed } = await admin.overview.read.query();
    return { gpuMs, completed, failed };
  };
  const before = await counts();
  const { startBudgetMs } = await admin.settings.get.query();
  try {
    const page = await open(teacher, { path: '/admin/endpoints' });
    const figures = page.getByRole('table', { name: 'GPU use' }).getByRole('row', { name: 'Lab' });
    await expect(figures).toHaveText(/^Lab0(unknown){3}00\.0\ss$/);
    await page.getByRole('table', { name: 'Endpoints' }).getByRole('button', { name: 'Lab', exact: true }).click();
    const part = page.getByRole('dialog', { name: 'Lab' }).getByRole('region', { name: 'Live progress' });
    const press = (name: string) => part.getByRole('button', { name }).click();
    await expect(part).toContainText('Automatic: on.');
    await expect(part).toContainText('this may start a GPU. The minimum billing time of ten minutes costs 0.80 EUR.');

    await press('Test live progress');
    await expect(part.getByText('Jobs start, and live progress works.')).toBeVisible();
    await expect(part).toContainText(/Off: the job was done after .*On: \d WebSockets? opened; .*, and was heard\./);
    await expect(part.getByRole('button', { name: /Turn (on|off)/ })).toBeHidden();
    await expectNoFaults(page);

    await fleet.control.setFaults({ webSockets: 'refuse' });
    await press('Test live progress');
    await expect(part.getByText('Jobs run, but live progress cannot work here.')).toBeVisible();
    await expect(part).toContainText('On: WebSockets are refused; the job was done');
    await press('Turn off live progress');
    await expect(part.getByText('Off.', { exact: true })).toBeVisible();
    await expect(part.getByRole('button', { name: /Turn (on|off)/ })).toBeHidden();

    await fleet.control.setFaults({ webSockets: 'pass' });
    await press('Test live progress');
    await expect(part.getByText('Jobs start, and live progress works.')).toBeVisible();
    await press('Turn on live progress');
    await expect(part.getByText('On.', { exact: true })).toBeVisible();

    // Each WebSocket keeps a replica from working, so that jobs start another one, until there are no more.
    await fleet.control.setFaults({ webSockets: 'occupy' });
    await admin.settings.change.mutate({ startBudgetMs: 5000 });
    const testing = part.getByRole('button', { name: 'Testing with live progress on…', disabled: true }).waitFor();
    await press('Test live progress');
    await testing;
    await expect(part.getByText('its WebSockets take the place of jobs.')).toBeVisible();
    await expect(part).toContainText('no job started within 5 s.');
    expect((await fleet.control.state()).replicas).toHaveLength(2);
    await expectNoFaults(page);
    await press('Turn off live progress');
    await expect
      .poll(async () => (await admin.endpoints.list.query()).find((one) => one.id === id)?.listening)
      .toBe('off');
    await page.keyboard.press('Escape');
    await expect(figures).toContainText('not listening');

    const { items } = await admin.events.list.query({ words: 'endpoint.listeningTested' });
    expect(items).toHaveLength(4);
    expect(await counts()).toEqual(before);
  } finally {
    await admin.settings.change.mutate({ startBudgetMs });
    await admin.endpoints.remove.mutate({ id });
    await fleet.stop();
  }
});
