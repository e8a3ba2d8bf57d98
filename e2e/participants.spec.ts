import { apiWith } from './api.ts';
import { expect, test } from './fixtures.ts';
import { loginPage } from './pages/login.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR } from './stage.ts';

const teacher = { id: '', ...OPERATOR };

test('an operator makes participants, sees their passphrases once, and one signs in', async ({ open }) => {
  const page = await open(teacher);
  await page.getByRole('link', { name: 'Admin' }).click();
  await page.getByRole('button', { name: 'Add participants' }).click();
  const adding = page.getByRole('dialog', { name: 'Add participants' });
  await adding.getByRole('textbox', { name: 'Names' }).fill('Zoë Ångström\n\n  Лев  \n');
  await adding.getByRole('button', { name: 'Add 2 participants' }).click();

  const shown = page.getByRole('dialog', { name: 'New passphrases' });
  const passphrase = (await shown.getByRole('row', { name: 'Лев' }).getByRole('cell').nth(1).textContent()) ?? '';
  expect(passphrase.length).toBeGreaterThan(12);
  await shown.getByRole('button', { name: 'Close' }).click();
  const table = page.getByRole('table', { name: 'Participants' });
  await expect(table.getByRole('row', { name: 'Zoë Ångström' })).toContainText('never');
  await page.reload();
  await expect(table.getByRole('row', { name: 'Лев' })).toBeVisible();
  await expect(page.getByText(passphrase)).toBeHidden();

  const hers = await open(null);
  await loginPage(hers).signIn({ name: 'Лев', passphrase });
  await expect(workPage(hers).empty).toBeVisible();
});

test('a name that is taken adds nobody and keeps what was typed', async ({ stage, open, complaints }) => {
  complaints.expect(/status of 409/);
  const [ada] = await stage.people('Ada');
  const page = await open(teacher, { path: '/admin' });
  await page.getByRole('button', { name: 'Add participants' }).click();
  const adding = page.getByRole('dialog', { name: 'Add participants' });
  const names = adding.getByRole('textbox', { name: 'Names' });
  await names.fill(`Somebody New\n${ada!.name}`);
  await adding.getByRole('button', { name: 'Add 2 participants' }).click();
  await expect(adding.getByText(`There is a user named "${ada!.name}" already. Nobody was added.`)).toBeVisible();
  await expect(names).toHaveValue(`Somebody New\n${ada!.name}`);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row', { name: 'Somebody New' })).toBeHidden();
});

test('a new passphrase signs her out, and the old one no longer fits', async ({ stage, open, complaints }) => {
  complaints.expect(/WebSocket|status of 401/);
  const [ada] = await stage.people('Ada');
  const hers = await open(ada!);
  await expect(workPage(hers).empty).toBeVisible();
  const page = await open(teacher, { path: '/admin' });
  await page.getByRole('button', { name: `New passphrase for ${ada!.name}` }).click();
  const shown = page.getByRole('dialog', { name: 'New passphrase' });
  const passphrase = (await shown.getByRole('row', { name: ada!.name }).getByRole('cell').nth(1).textContent()) ?? '';
  await expect(hers).toHaveURL(/\/login/);
  const login = loginPage(hers);
  await login.signIn(ada!);
  await expect(login.alert).toBeVisible();
  await login.signIn({ name: ada!.name, passphrase });
  await expect(workPage(hers).empty).toBeVisible();
});

test('a paused queue keeps jobs in line until it is resumed', async ({ stage, open }) => {
  const [ada] = await stage.people('Ada');
  const page = await open(teacher, { path: '/admin' });
  const queue = page.getByRole('region', { name: 'Queue' });
  await queue.getByRole('button', { name: 'Pause the queue' }).click();
  await expect(queue.getByText('Paused: nothing is sent to GPUs')).toBeVisible();
  try {
    const work = workPage(await open(ada!));
    await work.runSample('Test card');
    await expect(work.card('Test card')).toContainText('Next when the queue goes on');
    await expect(queue).toContainText('Waiting 1');
    await queue.getByRole('button', { name: 'Resume the queue' }).click();
    await expect(work.tiles).toHaveCount(1);
  } finally {
    await stage.operator.api.admin.queue.resume.mutate();
  }
});

test('an endpoint that is switched off gets no jobs', async ({ stage, open }) => {
  const [ada] = await stage.people('Ada');
  const page = await open(teacher, { path: '/admin' });
  const endpoints = page.getByRole('table', { name: 'Endpoints' });
  await endpoints.getByRole('button', { name: 'Disable Room 1' }).click();
  await expect(endpoints.getByRole('row', { name: 'Room 1' })).toContainText('Off');
  try {
    const work = workPage(await open(ada!));
    await work.runSample('Test card');
    await expect(work.card('Test card')).toContainText('Next');
    const { requests } = await stage.fleet.state();
    await endpoints.getByRole('button', { name: 'Enable Room 1' }).click();
    await expect(work.tiles).toHaveCount(1);
    expect((await stage.fleet.state()).requests['POST /prompt']).not.toEqual(requests['POST /prompt']);
  } finally {
    const [endpoint] = await stage.operator.api.admin.endpoints.list.query();
    await stage.operator.api.admin.endpoints.setEnabled.mutate({ id: endpoint!.id, enabled: true });
  }
});

test('a personal token works for scripts until it is revoked', async ({ stage, open }) => {
  const [ada] = await stage.people('Ada');
  const page = await open(ada!, { path: '/account' });
  await page.getByRole('textbox', { name: 'Name of a new token' }).fill('Laptop');
  await page.getByRole('button', { name: 'Create token' }).click();
  const shown = page.getByRole('dialog', { name: 'Token “Laptop”' });
  const token = (await shown.getByRole('status', { name: 'Token' }).textContent()) ?? '';
  await shown.getByRole('button', { name: 'Close' }).click();

  const script = apiWith(stage.url, { authorization: `Bearer ${token}` });
  expect((await script.session.me.query())?.user.name).toBe(ada!.name);
  const row = page.getByRole('listitem', { name: 'Laptop' });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await row.getByRole('button', { name: 'Revoke for good' }).click();
  await expect(row).toBeHidden();
  expect(await script.session.me.query()).toBeNull();
});
