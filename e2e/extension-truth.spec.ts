import { expect, test } from './fixtures.ts';
import { layComfy } from './own-comfyui.ts';
import { loginPage } from './pages/login.ts';
import { picture } from './workflows.ts';

test('what a worker refuses is a refusal of ComfyUI’s page, in its tab, with what can be chosen', async ({
  stage,
  open,
  as,
  complaints,
}) => {
  complaints.expect(/Prompt execution failed|Value not in list|CheckpointLoaderSimple/);
  const [ada] = await stage.people('Ada');
  const page = await open(ada!);
  const loader = { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'nowhere.safetensors' } };
  const graph = { id: 'w-refused', prompt: { ...picture(), '1': loader } };
  const comfy = await layComfy(page, stage.url, { graph });
  await page.goto(comfy.url);
  await expect(comfy.panel).toContainText('Press Run');

  for (let times = 1; times <= 3; times += 1) {
    await comfy.run.click();
    await expect(comfy.errors).toBeEmpty();
    await expect(comfy.errors).toContainText('"1":{"class_type":"CheckpointLoaderSimple"');
    await expect(comfy.errors).toContainText('"input_name":"ckpt_name"');
    await expect(comfy.toasts.getByRole('listitem')).toHaveCount(times);
  }
  await expect(comfy.panel).toContainText('“nowhere.safetensors” is not available; available: ');
  await expect(comfy.running).toHaveText('Idle');
  const { api } = await as(ada!);
  expect((await api.jobs.list.query({})).items).toHaveLength(3);

  await test.step('in the tab of its workflow, whichever is open when it is refused', async () => {
    await stage.operator.api.admin.queue.pause.mutate();
    await comfy.run.click();
    await expect(comfy.jobs.getByRole('listitem').first()).toHaveText('pending');
    await comfy.open({ id: 'w-other', prompt: picture() });
    await stage.operator.api.admin.queue.resume.mutate();
    await expect(comfy.jobs.getByRole('listitem').first()).toHaveText('failed');
    await expect(comfy.errors).toBeEmpty();
    await comfy.open(graph);
    await expect(comfy.errors).toContainText('"input_name":"ckpt_name"');
  });

  await test.step('the operator reads the reason', async () => {
    await expect
      .poll(async () => JSON.stringify(await stage.operator.api.admin.clientLogs.list.query({})))
      .toContain('Prompt execution failed');
    expect(JSON.stringify(await stage.operator.api.admin.clientLogs.list.query({}))).toContain('nowhere.safetensors');
  });
});

test('a run ends in the page, whichever workflow is open', async ({ stage, open, complaints }) => {
  // ComfyUI's own server does not have our files: it is asked once.
  complaints.expect(/status of 404.*\/comfy\/ada\/api\/view/);
  const [ada] = await stage.people('Ada');
  const page = await open(ada!);
  const graph = { id: 'w-long', prompt: picture() };
  const comfy = await layComfy(page, stage.url, { graph });
  await page.goto(comfy.url);
  await expect(comfy.panel).toContainText('Press Run');
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  try {
    await comfy.run.click();
    await expect(comfy.running).toHaveText('Total 0%');
    await comfy.open({ id: 'w-other', prompt: picture() });
    await expect(comfy.panel).toContainText('Rendering');
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
  }
  await expect(comfy.running).toHaveText('Idle');
  await expect(comfy.tabs.getByRole('listitem')).toHaveText(['w-long: completed']);
  await expect(comfy.image('7')).toHaveCount(0);
  await comfy.open(graph);
  await expect(comfy.image('7')).toBeVisible();
});

test('two people on one tab: what ran is no longer shown as running, and nothing of it is listed', async ({
  stage,
  open,
  complaints,
}) => {
  complaints.expect(/status of (401|404)/);
  const [ada, ben] = await stage.people('Ada', 'Ben');
  const page = await open(ada!);
  const comfy = await layComfy(page, stage.url, { graph: { id: 'w-shared', prompt: picture() } });
  await page.goto(comfy.url);
  await expect(comfy.panel).toContainText('Press Run');
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  try {
    await comfy.run.click();
    await expect(comfy.running).toHaveText('Total 0%');
    await page.evaluate(() =>
      fetch('/api/trpc/session.logout', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
    );
    await expect(comfy.panel).toContainText('Sign in to run workflows');
    await expect(comfy.running).toHaveText('Idle');
    const opened = page.context().waitForEvent('page');
    await comfy.panel.getByRole('button', { name: 'Sign in' }).click();
    const other = await opened;
    await loginPage(other).signIn(ben!);
    await expect(other).not.toHaveURL(/login/);
    await other.close();
    await page.bringToFront();
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(comfy.panel).toContainText('Somebody else has signed in. Reload this page');
    await expect(comfy.panel).not.toContainText('Dawn');
    await expect(comfy.jobs.getByRole('listitem')).toHaveCount(0);
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
  }
  await expect(comfy.running).toHaveText('Idle');
});

test('the panel covers neither Run nor nodes nor dialogs, and tells jobs apart', async ({ stage, open }) => {
  const [ada] = await stage.people('Ada');
  const page = await open(ada!);
  const comfy = await layComfy(page, stage.url, { graph: { id: 'w-panel', prompt: picture() } });
  await page.goto(comfy.url);
  await expect(comfy.panel).toContainText('Press Run');
  const node = { x: 20, y: 470, width: 300, height: 230 };
  const shared = async (box: { x: number; y: number; width: number; height: number }): Promise<boolean> => {
    const panel = (await comfy.panel.boundingBox())!;
    const across = panel.x < box.x + box.width && box.x < panel.x + panel.width;
    return across && panel.y < box.y + box.height && box.y < panel.y + panel.height;
  };
  await expect.poll(() => shared(node)).toBe(false);

  await stage.operator.api.admin.queue.pause.mutate();
  try {
    for (let times = 0; times < 3; times += 1) await comfy.run.click();
    for (const label of ['Dawn', 'Dawn #2', 'Dawn #3'])
      await expect(comfy.panel.getByRole('button', { name: `Cancel “${label}”`, exact: true })).toBeVisible();
    await comfy.panel.getByRole('button', { name: 'Cancel “Dawn #2”' }).click();
    await expect(comfy.panel.getByRole('button', { name: /^Cancel/ })).toHaveCount(2);

    const run = (await comfy.run.boundingBox())!;
    const handle = (await comfy.panel.getByRole('button', { name: /^Move/ }).boundingBox())!;
    await page.mouse.move(handle.x + 4, handle.y + 4);
    await page.mouse.down();
    await page.mouse.move(run.x + run.width / 2, run.y - 40, { steps: 5 });
    await page.mouse.up();
    expect(await shared(run)).toBe(false);

    const covered = await page.evaluate(() => {
      const modal = document.body.appendChild(document.createElement('div'));
      modal.style.cssText = 'position:fixed;inset:0;z-index:1100';
      const { left, top } = document.getElementById('comfyume-panel')!.getBoundingClientRect();
      const isModal = document.elementFromPoint(left + 20, top + 10) === modal;
      modal.remove();
      return isModal;
    });
    expect(covered).toBe(true);
  } finally {
    await comfy.clear.click();
    await stage.operator.api.admin.queue.resume.mutate();
  }
});

test('please look up covers the editor; announcements are seen though the panel is closed; a workflow for all is said', async ({
  stage,
  open,
}) => {
  const [ada] = await stage.people('Ada');
  const page = await open(ada!);
  const comfy = await layComfy(page, stage.url, { graph: { id: 'w-look', prompt: picture() } });
  await page.goto(comfy.url);
  await expect(comfy.panel).toContainText('Press Run');
  const { announcement, workflows } = stage.operator.api.admin;
  const close = comfy.panel.getByRole('button', { name: 'Close this panel' });
  try {
    await close.click();
    await expect(comfy.panel).toBeHidden();
    await announcement.set.mutate({ text: 'Break until three' });
    await expect(comfy.panel).toContainText('Break until three');
    await close.click();
    await page.evaluate(() => document.getElementById('unsaved')?.replaceChildren());
    await page.reload();
    await expect(comfy.current).toBeVisible();
    await expect(comfy.panel).toBeHidden();

    await announcement.set.mutate({ text: 'Please come to the front', eyesOnMe: true });
    await expect(comfy.lookUp).toContainText('Please come to the front');
    const box = (await comfy.lookUp.boundingBox())!;
    expect([box.width, box.height]).toEqual([page.viewportSize()!.width, page.viewportSize()!.height]);
    await comfy.lookUp.getByRole('button', { name: 'Minimise' }).click();
    await expect(comfy.lookUp).toBeHidden();
    await expect(comfy.panel).toContainText('Please come to the front');
    await announcement.clear.mutate();
    await expect(comfy.panel).not.toContainText('come to the front');

    const shared = { id: 'w-all', nodes: [{ id: 7, type: 'SaveImage' }], links: [], prompt: picture() };
    const { id } = await workflows.add.mutate({ name: 'For all', workflow: shared, prompt: picture() });
    await workflows.setOffered.mutate({ id, offered: true });
    await announcement.openWorkflow.mutate({ id });
    await expect(page).toHaveTitle('For all');
    await expect(comfy.panel).toContainText('The teacher opened “For all” for everyone in a new tab.');
    await comfy.panel.getByRole('button', { name: 'Close this message' }).click();
    await expect(comfy.panel).not.toContainText('The teacher opened');
    await comfy.clearHistory.click();
    await expect(comfy.panel).toContainText('Nothing was deleted');
    await expect(page.getByRole('heading', { name: 'Class workflows' })).toBeVisible();
    await workflows.remove.mutate({ id });
  } finally {
    await announcement.clear.mutate();
  }
});
