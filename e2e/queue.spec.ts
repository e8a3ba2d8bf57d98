import { expectNoFaults } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { completed } from './jobs.ts';
import { OPERATOR } from './stage.ts';
import { picture } from './workflows.ts';

const teacher = { id: '', ...OPERATOR };

test('an operator runs the queue: problems, waiting people, many jobs at once, one job’s page', async ({
  stage,
  open,
  as,
}) => {
  const [ada, ben] = await stage.people('Ada', 'Ben');
  const [adas, bens] = [await as(ada!), await as(ben!)];
  const ids: string[] = [];
  const page = await open(teacher, { path: '/admin' });

  await test.step('the overview says that the queue is paused, with a button to resume', async () => {
    await stage.operator.api.admin.queue.pause.mutate({});
    for (const title of ['One', 'Two', 'Three'])
      ids.push((await adas.api.jobs.submit.mutate({ title, prompt: picture() })).id);
    ids.push((await bens.api.jobs.submit.mutate({ title: 'Broken', prompt: picture({ steps: 0 }) })).id);
    const wrong = page.getByRole('region', { name: 'Needs attention' });
    await expect(wrong).toContainText('The queue is paused: 4 jobs queued.');
    const row = page.getByRole('table', { name: 'Participants' }).getByRole('row', { name: ada!.name });
    await expect(row).toContainText('3');
    await expect(page.getByRole('img', { name: /^Jobs on GPUs/ })).toBeVisible();
    await expectNoFaults(page);
    await row.getByRole('link', { name: ada!.name }).click();
  });

  await test.step('the board: one person’s jobs, several moved to the front and back', async () => {
    await expect(page).toHaveURL(/\/admin\/queue\?person=/);
    const table = page.getByRole('table', { name: 'All jobs' });
    const rows = table.getByRole('row', { name: ada!.name });
    await expect(rows).toHaveCount(3);
    await page.getByRole('checkbox', { name: /Select One/ }).check();
    await page.getByRole('checkbox', { name: /Select Three/ }).click({ modifiers: ['Shift'] });
    const bar = page.getByRole('region', { name: 'Selected jobs' });
    await expect(bar).toContainText('3 jobs selected');
    await expectNoFaults(page);
    await bar.getByRole('button', { name: 'Move to front' }).click();
    await expect(table.getByText('front')).toHaveCount(3);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(table.getByText('front')).toHaveCount(0);
    await table.getByRole('button', { name: /Cancel Two/ }).click();
    await expect(rows).toHaveCount(2);
    await page.getByRole('searchbox', { name: 'Search title, owner or ID' }).fill('thr');
    await expect(rows).toHaveCount(1);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(table.getByRole('row', { name: ben!.name })).toHaveCount(1);
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await completed(adas.api, ids[2]!);
    await expect(page.getByText('No jobs are queued or on GPUs.')).toBeVisible();
  });

  await test.step('a failed job is found by its state, and its page explains why, with the graph', async () => {
    await page.getByRole('combobox', { name: 'State' }).selectOption('failed');
    const broken = page.getByRole('row', { name: `Broken of ${ben!.name}` }).getByRole('link', { name: 'Broken' });
    await expect(broken).toBeVisible();
    // Words typed just before a press on a link take effect before it, and do not undo it.
    let goOn = (): void => undefined;
    const narrowed = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route(`**/admin/jobs/${ids[3]}?**`, (route) => narrowed.then(() => route.continue()));
    await page.getByRole('searchbox', { name: 'Search title, owner or ID' }).fill(ids[3]!);
    await broken.click();
    await expect(page).toHaveURL(/words=/);
    goOn();
    await expect(page.getByRole('heading', { name: 'Broken' })).toBeVisible();
    const story = page.getByRole('list', { name: 'Timeline' });
    await expect(story).toContainText('pressed Run.');
    await expect(story).toContainText('Failed.');
    await expect(page.getByRole('table', { name: 'Attempts' })).toContainText('ComfyUI refused the workflow.');
    await page.getByRole('searchbox', { name: 'Search the graph' }).fill('ksampler steps');
    const graph = page.getByRole('region', { name: 'Graph' });
    await expect(graph).toContainText('1 of 7 nodes');
    await expect(graph.getByText('sampler_name')).toBeVisible();
    await expectNoFaults(page);
  });
});
