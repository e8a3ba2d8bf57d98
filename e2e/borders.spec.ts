import { once } from 'node:events';
import { WebSocket } from 'ws';
import { apiWith } from './api.ts';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR } from './stage.ts';
import { picture } from './workflows.ts';

test('participants have no admin pages', async ({ open, complaints, ada, api }) => {
  complaints.expect(/status of 404/);
  const page = await open(ada, { path: '/admin' });
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to your work' }).click();
  await expect(workPage(page).empty).toBeVisible();
  await expect(page.getByRole('link', { name: 'Admin' })).toBeHidden();
  await expect(api.admin.participants.list.query()).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  await expect(api.admin.participants.create.mutate({ names: ['Eve'] })).rejects.toMatchObject({
    data: { code: 'NOT_FOUND' },
  });
});

test('another’s job, result and files are not there for others; the operator sees them', async ({
  stage,
  open,
  as,
  complaints,
}) => {
  complaints.expect(/status of 404/);
  const [ada, ben] = await stage.people('Ada', 'Ben');
  const [result] = await runJob((await as(ada!)).api, { prompt: picture() });
  const { id, jobId, url, thumbUrl } = result!;
  const ben_ = await as(ben!);
  const gone = { data: { appError: 'not_found' } };
  await expect(ben_.api.jobs.get.query({ id: jobId })).rejects.toMatchObject(gone);
  await expect(ben_.api.jobs.graph.query({ id: jobId })).rejects.toMatchObject(gone);
  await expect(ben_.api.jobs.cancel.mutate({ id: jobId })).rejects.toMatchObject(gone);
  await expect(ben_.api.results.get.query({ id })).rejects.toMatchObject(gone);

  const page = await open(ben!, { path: `/?result=${id}` });
  await expect(page.getByText('This result does not exist, or it belongs to someone else.')).toBeVisible();
  for (const path of [url, `${url}?download=1`, thumbUrl!]) {
    expect((await page.request.get(path)).status()).toBe(404);
    expect((await fetch(stage.url + path)).status).toBe(401);
  }

  const operator = await open({ id: '', ...OPERATOR }, { path: `/?result=${id}` });
  await expect(operator.getByRole('img', { name: result!.filename })).toBeVisible();
});

test('signed out, every page leads to the login page and the API returns nothing', async ({ stage, open }) => {
  for (const path of ['/', '/account', '/admin', '/?result=x']) {
    const page = await open(null, { path });
    await expect(page).toHaveURL(/\/login/);
  }
  const nobody = apiWith(stage.url, {});
  await expect(nobody.jobs.list.query()).rejects.toMatchObject({ data: { appError: 'not_signed_in' } });
  expect((await fetch(`${stage.url}/api/auth/verify`)).status).toBe(401);
});

test('another site can neither act for a person nor listen', async ({ stage, as, ada }) => {
  const { cookie } = await as(ada);
  const headers = {
    cookie: `${cookie.name}=${cookie.value}`,
    origin: 'https://elsewhere.example',
    'content-type': 'application/json',
  };
  const act = await fetch(`${stage.url}/api/trpc/session.logout`, { method: 'POST', headers, body: '{}' });
  expect(act.status).toBe(403);
  const listen = new WebSocket(`${stage.url.replace('http', 'ws')}/api/trpc`, { headers });
  const [, answer] = await once(listen, 'unexpected-response');
  expect(answer).toMatchObject({ statusCode: 403 });
});
