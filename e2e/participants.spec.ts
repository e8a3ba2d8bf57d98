import type { Page } from '@playwright/test';
import { apiWith } from './api.ts';
import { readCodes } from './codes.ts';
import { expect, test } from './fixtures.ts';
import { loginPage } from './pages/login.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR } from './stage.ts';

const teacher = { id: '', ...OPERATOR };

const PEOPLE = { path: '/admin/participants' };
const table = (page: Page) => page.getByRole('table', { name: 'Participants' });

test('names are checked first, then everybody gets a card, and its code signs in', async ({ stage, open, ada }) => {
  const page = await open(teacher, PEOPLE);
  await page.getByRole('button', { name: 'Add participants' }).click();
  const adding = page.getByRole('dialog', { name: 'Add participants' });
  const names = adding.getByRole('textbox', { name: 'Names' });
  await names.fill(`Zoë Ångström\n  Лев  \nseat08..seat15\n${ada.name}`);
  const preview = adding.getByRole('table', { name: 'Preview' });
  await expect(preview.getByRole('row', { name: ada.name })).toContainText('This name is already taken.');
  await expect(adding.getByRole('button', { name: 'Add 10 participants' })).toBeDisabled();
  await names.fill('Zoë Ångström\n  Лев  \nseat08..seat15');
  await adding.getByRole('button', { name: 'Add 10 participants' }).click();

  const shown = page.getByRole('dialog', { name: 'New passphrases' });
  const passphrase = (await shown.getByRole('row', { name: 'Лев' }).getByRole('cell').nth(1).textContent()) ?? '';
  expect(passphrase.length).toBeGreaterThan(12);
  await shown.getByRole('button', { name: 'Print cards' }).click();
  await expect(page).toHaveURL(/\/admin\/participants\/cards$/);
  const card = page.getByRole('listitem', { name: 'Лев' });
  await expect(card).toContainText(passphrase);
  await expect(page.getByRole('list', { name: 'Cards' }).getByRole('img')).toHaveCount(10);
  const [address = ''] = await readCodes(card.getByRole('img'));
  expect(new URL(address).origin).toBe(stage.url);
  await page.emulateMedia({ media: 'print' });
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
  await page.emulateMedia({ media: 'screen' });

  const theirs = await open(null, { path: address });
  await expect(workPage(theirs).empty).toBeVisible();
  expect(theirs.url()).toBe(`${stage.url}/`);

  await page.getByRole('link', { name: 'Done, discard passphrases' }).click();
  await expect(table(page).getByRole('row', { name: 'Лев' })).toContainText('Online');
  await expect(table(page).getByRole('row', { name: 'Zoë Ångström' })).toContainText('never');
  await page.goto('/admin/participants/cards');
  await expect(page.getByText('Nothing to print.')).toBeVisible();
});

test('many at once: disable, enable, delete and restore; a new passphrase signs out', async ({
  stage,
  open,
  complaints,
}) => {
  complaints.expect(/WebSocket|status of 401/);
  const [one, two, three] = await stage.people('Many 1', 'Many 2', 'Many 3');
  const theirs = await open(two!);
  await expect(workPage(theirs).empty).toBeVisible();
  const page = await open(teacher, PEOPLE);
  const row = (person: { name: string }) => table(page).getByRole('row', { name: person.name });
  await page.getByRole('searchbox', { name: 'Find a name' }).fill('many');
  await page.getByRole('checkbox', { name: `Select ${one!.name}` }).click();
  await page.getByRole('checkbox', { name: `Select ${three!.name}` }).click({ modifiers: ['Shift'] });
  await expect(page.getByText('3 selected')).toBeVisible();
  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await expect(theirs).toHaveURL(/\/login/);
  for (const person of [one, two, three]) await expect(row(person!)).toContainText('Disabled');
  await page.getByRole('button', { name: 'Undo' }).click();
  for (const person of [one, two, three]) await expect(row(person!)).not.toContainText('Disabled');

  await page.getByRole('button', { name: 'New passphrases' }).click();
  await page.getByRole('button', { name: 'Create new' }).click();
  const shown = page.getByRole('dialog', { name: 'New passphrases' });
  const fresh = (await shown.getByRole('row', { name: two!.name }).getByRole('cell').nth(1).textContent()) ?? '';
  await page.keyboard.press('Escape');
  await expect(shown).toBeHidden();
  await page.reload();
  await page.getByRole('button', { name: 'Show passphrases' }).click();
  await expect(shown.getByRole('row', { name: two!.name })).toContainText(fresh);
  await shown.getByRole('button', { name: 'Done, discard passphrases' }).click();
  await expect(page.getByRole('button', { name: 'Show passphrases' })).toBeHidden();
  const login = loginPage(theirs);
  await login.signIn(two!);
  await expect(login.alert).toBeVisible();
  await login.signIn({ name: two!.name, passphrase: fresh });
  await expect(workPage(theirs).empty).toBeVisible();

  await page.getByRole('searchbox', { name: 'Find a name' }).fill('many');
  for (const person of [one, two, three])
    await page.getByRole('checkbox', { name: `Select ${person!.name}`, exact: true }).check();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Remove, keep files' }).click();
  await expect(theirs).toHaveURL(/\/login/);
  await page.getByRole('button', { name: `Restore ${one!.name}` }).click();
  await expect(row(one!)).toBeVisible();
  await expect(row(two!)).toBeHidden();

  // Those who left are selected together; one whose name is taken gets another.
  const [namesake] = await stage.operator.api.admin.participants.create.mutate({ names: [three!.name] });
  await expect(row(namesake!)).toBeVisible();
  const former = page.getByRole('table', { name: 'Left the class' });
  for (const person of [two, three])
    await former.getByRole('checkbox', { name: `Select ${person!.name}`, exact: true }).check();
  await page.getByRole('button', { name: 'Restore selected' }).click();
  const renaming = page.getByRole('dialog', { name: 'Restore under another name' });
  await expect(renaming.getByRole('textbox', { name: `Name for ${three!.name}` })).toHaveValue(`${three!.name} 2`);
  await renaming.getByRole('button', { name: 'Restore' }).click();
  await expect(row(two!)).toBeVisible();
  await expect(row({ name: `${three!.name} 2` })).toBeVisible();
});

test('a projected class code creates accounts until it is closed', async ({ open, complaints }) => {
  complaints.expect(/status of 409/);
  const page = await open(teacher, PEOPLE);
  await page.getByRole('button', { name: 'Open a class code' }).click();
  await page.getByRole('spinbutton', { name: 'Seats' }).fill('2');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const wall = page.getByRole('dialog', { name: 'Join the class' });
  const [link = ''] = await readCodes(wall.getByRole('img'));
  const theirs = await open(null, { path: link });
  await theirs.getByRole('textbox', { name: 'Your name' }).fill('Mona');
  await theirs.getByRole('button', { name: 'Join' }).click();
  const passphrase = (await theirs.getByRole('status', { name: 'Passphrase' }).textContent()) ?? '';
  await theirs.getByRole('link', { name: 'I saved it, continue' }).click();
  await expect(workPage(theirs).empty).toBeVisible();
  await expect(wall.getByText('1 of 2 seats taken')).toBeVisible();
  await wall.getByRole('button', { name: 'Close' }).click();
  await expect(table(page).getByRole('row', { name: 'Mona' })).toContainText('Online');

  const codes = page.getByRole('table', { name: 'Class codes' });
  await codes.getByRole('button', { name: /^Close/ }).click();
  await expect(codes).toContainText('Closed');
  const late = await open(null, { path: link });
  await late.getByRole('textbox', { name: 'Your name' }).fill('Late');
  await late.getByRole('button', { name: 'Join' }).click();
  await expect(late.getByRole('alert').filter({ hasText: 'This class code is closed' })).toBeVisible();
  await late.getByRole('link', { name: 'Sign in instead' }).click();
  await loginPage(late).signIn({ name: 'Mona', passphrase });
  await expect(workPage(late).empty).toBeVisible();
});

test('an operator views as a participant, and stops with one press', async ({ stage, open, complaints, ada }) => {
  complaints.expect(/WebSocket|status of 40[14]/);
  const page = await open(teacher, PEOPLE);
  await page.getByRole('button', { name: `Edit ${ada.name}` }).click();
  await page.getByRole('button', { name: `View as ${ada.name}` }).click();
  await expect(page).toHaveURL(`${stage.url}/`);
  const banner = page.getByText(`You are viewing as ${ada.name}.`);
  await expect(banner).toBeVisible();
  await expect(page.getByRole('link', { name: 'Admin' })).toBeHidden();
  await page.goto('/account');
  await expect(banner).toBeVisible();
  await page.getByRole('button', { name: 'Stop viewing' }).click();
  await expect(page).toHaveURL(/\/admin\/participants$/);
  await expect(table(page)).toBeVisible();
  await expect(banner).toBeHidden();
});

test('a paused queue keeps jobs queued until it is resumed', async ({ stage, open, ada }) => {
  const page = await open(teacher, { path: '/admin/queue' });
  const queue = page.getByRole('region', { name: 'Queue' });
  await queue.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(queue.getByText('Paused: no jobs are sent to GPUs')).toBeVisible();
  try {
    const work = workPage(await open(ada));
    await work.runSample('Test card');
    await expect(work.card('Test card')).toContainText('Next when the queue resumes');
    await expect(queue).toContainText('Queued 1');
    await queue.getByRole('button', { name: 'Resume', exact: true }).click();
    await expect(work.tiles).toHaveCount(1);
  } finally {
    await stage.operator.api.admin.queue.resume.mutate();
  }
});

test('a disabled endpoint gets no jobs', async ({ stage, open, ada }) => {
  const page = await open(teacher, { path: '/admin/endpoints' });
  const endpoints = page.getByRole('table', { name: 'Endpoints' });
  await endpoints.getByRole('button', { name: 'Disable Room 1' }).click();
  await expect(endpoints.getByRole('row', { name: 'Room 1' })).toContainText('Off');
  try {
    const work = workPage(await open(ada));
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

test('a personal token works for scripts until it is revoked', async ({ stage, open, ada }) => {
  const page = await open(ada, { path: '/account' });
  await page.getByRole('textbox', { name: 'Token name' }).fill('Laptop');
  await page.getByRole('button', { name: 'Create token' }).click();
  const shown = page.getByRole('dialog', { name: 'Token “Laptop”' });
  const token = (await shown.getByRole('status', { name: 'Token' }).textContent()) ?? '';
  await shown.getByRole('button', { name: 'Close' }).click();

  const script = apiWith(stage.url, { authorization: `Bearer ${token}` });
  expect((await script.session.me.query())?.user.name).toBe(ada.name);
  const row = page.getByRole('listitem', { name: 'Laptop' });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await row.getByRole('button', { name: 'Revoke permanently' }).click();
  await expect(row).toBeHidden();
  expect(await script.session.me.query()).toBeNull();
});
