import { apiWith } from './api.ts';
import { expect, test } from './fixtures.ts';
import { loginPage } from './pages/login.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR } from './stage.ts';

const REFUSED = /status of 401/;

test('a wrong passphrase is reported and keeps the name; the right one signs in', async ({ open, complaints, ada }) => {
  complaints.expect(REFUSED);
  const page = await open(null);
  await expect(page).toHaveURL(/\/login/);
  const login = loginPage(page);
  await expect(login.name).toBeFocused();

  await login.signIn({ name: ada.name, passphrase: 'not-this-one' });
  await expect(login.alert).toHaveText('Incorrect name or passphrase.');
  await expect(login.name).toHaveValue(ada.name);
  await expect(login.passphrase).toBeFocused();

  await login.signIn(ada);
  await expect(workPage(page).empty).toBeVisible();
});

test('operators land on Admin, unless they asked for another page', async ({ open }) => {
  const page = await open(null);
  await loginPage(page).signIn(OPERATOR);
  await expect(page).toHaveURL(/\/admin$/);
  const asked = await open(null, { path: '/wall' });
  await loginPage(asked).signIn(OPERATOR);
  await expect(asked).toHaveURL(/\/wall$/);
});

test('leads to the requested page, and never to another site', async ({ stage, open, ada }) => {
  const page = await open(null, { path: '/account' });
  await expect(page).toHaveURL(/\/login\?next=%2Faccount$/);
  await loginPage(page).signIn(ada);
  await expect(page.getByText(`Signed in as ${ada.name}`)).toBeVisible();

  for (const next of ['//elsewhere.example/', '/..//elsewhere.example/']) {
    const lured = await open(null, { path: `/login?next=${encodeURIComponent(next)}` });
    await loginPage(lured).signIn(ada);
    await expect(workPage(lured).empty).toBeVisible();
    expect(new URL(lured.url()).origin).toBe(stage.url);
  }
});

test('a link that signs in as another person asks first', async ({ open, stage, ada }) => {
  const [other] = await stage.people('Linked');
  const link = `/login#${encodeURIComponent(other!.name)}:${encodeURIComponent(other!.passphrase)}`;
  const page = await open(ada);
  await expect(workPage(page).empty).toBeVisible();
  await page.goto('about:blank');
  await page.goto(stage.url + link);
  const question = page.getByRole('alertdialog', { name: 'Sign in as somebody else?' });
  await expect(question).toContainText(`You are signed in as ${ada.name}`);
  await question.getByRole('button', { name: `Stay signed in as ${ada.name}` }).click();
  await page.goto(`${stage.url}/account`);
  await expect(page.getByText(`Signed in as ${ada.name}`)).toBeVisible();

  await page.goto('about:blank');
  await page.goto(stage.url + link);
  await question.getByRole('button', { name: `Sign in as ${other!.name}` }).click();
  await expect(page).toHaveURL(`${stage.url}/`);
  await page.goto(`${stage.url}/account`);
  await expect(page.getByText(`Signed in as ${other!.name}`)).toBeVisible();
});

test('after too many wrong attempts one has to wait, others do not', async ({ stage, open, complaints }) => {
  complaints.expect(/status of (401|429)/);
  const [guessed, other] = await stage.people('Guessed', 'Other');
  const api = apiWith(stage.url, {});
  for (let tries = 0; tries < 8; tries++)
    await expect(api.session.login.mutate({ name: guessed!.name, password: `guess ${tries}` })).rejects.toThrow();

  const page = await open(null);
  const login = loginPage(page);
  await login.signIn(guessed!);
  await expect(login.alert).toHaveText(/^Too many attempts\. Wait .+, then sign in again\.$/);
  await login.signIn(other!);
  await expect(workPage(page).empty).toBeVisible();
});

test('signs out here and leaves other devices signed in', async ({ open, complaints, ada }) => {
  complaints.expect(/WebSocket/);
  const here = await open(ada, { path: '/account' });
  const there = await open(ada);
  await here.getByRole('button', { name: 'Sign out on this device' }).click();
  await expect(here).toHaveURL(/\/login$/);
  await here.goto('/');
  await expect(here).toHaveURL(/\/login/);
  await there.reload();
  await expect(workPage(there).empty).toBeVisible();
});

test('signs out everywhere: an open window leaves at once', async ({ open, complaints, ada }) => {
  complaints.expect(/WebSocket|status of 401/);
  const here = await open(ada, { path: '/account' });
  const there = await open(ada);
  await expect(workPage(there).empty).toBeVisible();
  await here.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(here).toHaveURL(/\/login$/);
  await expect(there).toHaveURL(/\/login/);
});

test('a disabled participant is signed out at once and cannot sign in', async ({ open, complaints, ada }) => {
  complaints.expect(/WebSocket|status of 401/);
  const page = await open(ada);
  await expect(workPage(page).empty).toBeVisible();

  const operator = await open({ id: '', ...OPERATOR }, { path: '/admin/participants' });
  await operator.getByRole('button', { name: `Disable ${ada.name}` }).click();
  await expect(operator.getByRole('row', { name: ada.name })).toContainText('Disabled');

  await expect(page).toHaveURL(/\/login/);
  const login = loginPage(page);
  await login.signIn(ada);
  await expect(login.alert).toBeVisible();

  await operator.getByRole('button', { name: `Enable ${ada.name}` }).click();
  await expect(operator.getByRole('button', { name: `Disable ${ada.name}` })).toBeVisible();
  await login.signIn(ada);
  await expect(workPage(page).empty).toBeVisible();
});

test('a link signs in, leaves nothing in the address, and says why when it cannot', async ({
  stage,
  open,
  complaints,
  ada,
}) => {
  complaints.expect(REFUSED);
  const page = await open(null, { path: `/login#${encodeURIComponent(ada.name)}:not-the-right-one` });
  const login = loginPage(page);
  await expect(login.alert).toHaveText('Incorrect name or passphrase.');
  await expect(login.name).toHaveValue(ada.name);
  expect(page.url()).toBe(`${stage.url}/login`);
  await page.evaluate((hash) => window.location.assign(hash), `#${encodeURIComponent(ada.name)}:${ada.passphrase}`);
  await expect(workPage(page).empty).toBeVisible();
  await page.goto('/login');
  await expect(page).toHaveURL(`${stage.url}/`);
});

test('a changed passphrase works, and the old one no longer does', async ({ open, complaints, ada }) => {
  complaints.expect(REFUSED);
  const page = await open(ada, { path: '/account' });
  const change = async (now: string, next: string): Promise<void> => {
    await page.getByLabel('Current passphrase').fill(now);
    await page.getByLabel('New passphrase').fill(next);
    await page.getByRole('button', { name: 'Change passphrase' }).click();
  };
  await change('not-this-one', 'four-words-of-adas');
  await expect(page.getByLabel('Current passphrase')).toHaveAttribute('aria-invalid', 'true');
  await change(ada.passphrase, 'four-words-of-adas');
  await expect(page.getByText('Passphrase changed.')).toBeVisible();

  const again = await open(null);
  const login = loginPage(again);
  await login.signIn(ada);
  await expect(login.alert).toBeVisible();
  await login.signIn({ name: ada.name, passphrase: 'four-words-of-adas' });
  await expect(workPage(again).empty).toBeVisible();
});
