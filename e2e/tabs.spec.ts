import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#src/server/integration/testing/free-port.ts';
import { apiWith, signIn } from './api.ts';
import { expect, test } from './fixtures.ts';
import { loginPage } from './pages/login.ts';
import { startProduct } from './product.ts';
import { OPERATOR } from './stage.ts';

/** Two names that every machine has for itself: to a browser, two sites. */
async function startApart(folder: string) {
  const port = await freePort();
  const [gallery, tabs] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  const product = await startProduct({
    PORT: String(port),
    PUBLIC_URL: gallery,
    COMFYUI_ORIGIN: tabs,
    COMFYUI_URL: '/comfy/',
    DATA_DIR: join(folder, 'data'),
    SFS_DIR: join(folder, 'sfs'),
    ADMIN_NAME: OPERATOR.name,
    ADMIN_PASSWORD: OPERATOR.passphrase,
  });
  return { gallery, tabs, stop: () => product.stop() };
}

test('the way into a ComfyUI tab at its own origin: a session of its own, and no way back', async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-e2e-tabs-'));
  const { gallery, tabs, stop } = await startApart(folder);
  const { api } = await signIn(gallery, OPERATOR.name, OPERATOR.passphrase);
  const [ada] = await api.admin.participants.create.mutate({ names: ['Ada'] });
  const context = await browser.newContext();
  const page = await context.newPage();

  // Who comes there without a session is asked to sign in at the gallery, and goes on from there.
  await page.goto(`${tabs}/open/comfy/`);
  await expect(page).toHaveURL(new RegExp(`^${gallery}/login\\?next=`));
  await loginPage(page).signIn({ name: ada!.name, passphrase: ada!.passphrase });
  await expect(page).toHaveURL(`${tabs}/comfy/`);
  const names = (await context.cookies(tabs)).map(({ name, httpOnly }) => [name, httpOnly]);
  expect(names).toContainEqual(['comfyume_tab', true]);
  expect((await context.cookies(gallery)).map(({ name }) => name)).not.toContain('comfyume_tab');

  // What is behind it is nginx's to serve.
  const comfyui = { contentType: 'text/html', body: '<title>ComfyUI</title>' };
  await context.route(`${tabs}/comfy/`, (route) => route.fulfill(comfyui));
  await page.goto(`${tabs}/comfy/`);
  const ask = (url: string): Promise<string> =>
    page.evaluate(
      (address) =>
        fetch(address, { credentials: 'include' }).then(
          (answer) => answer.text(),
          () => 'blocked',
        ),
      url,
    );
  expect(await ask(`${tabs}/api/trpc/session.me`)).toContain(ada!.name);
  expect(await ask(`${gallery}/api/trpc/session.me`)).toBe('blocked');

  // Signed in already, it leads straight there.
  const tab = await context.newPage();
  await tab.goto(`${tabs}/open/comfy/`);
  await expect(tab).toHaveURL(`${tabs}/comfy/`);
  await tab.goto(`${tabs}/comfy/`);
  expect(await tab.evaluate(async () => (await fetch('/api/trpc/session.me')).text())).toContain(ada!.name);

  // The tab ends with the session that it was opened from.
  const [session] = (await context.cookies(gallery)).filter(({ name }) => name === 'comfyume_session');
  await apiWith(gallery, { cookie: `comfyume_session=${session!.value}` }).session.logout.mutate();
  expect(await tab.evaluate(async () => (await fetch('/api/trpc/session.me')).text())).not.toContain(ada!.name);

  await context.close();
  await stop();
  await rm(folder, { recursive: true, force: true });
});
