import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import type { Stage } from './stage.ts';
import { picture } from './workflows.ts';

/** What one browser was made to show and to sound, whichever tab did it. */
type Told = { readonly messages: { title: string; body: string }[]; readonly tones: string[] };

/** Stands in for what the system would show: messages are logged, and can be pressed; tabs can be put in the background. */
async function listenTo(context: BrowserContext): Promise<Told> {
  const told: Told = { messages: [], tones: [] };
  await context.grantPermissions(['notifications']);
  await context.exposeFunction('toldMessage', (title: string, body: string) => told.messages.push({ title, body }));
  await context.exposeFunction('toldTone', (tone: string) => told.tones.push(tone));
  await context.addInitScript(() => {
    const call = (name: string, ...given: string[]): void => {
      const told: unknown = Reflect.get(window, name);
      if (typeof told === 'function') told(...given);
    };
    class Shown extends EventTarget {
      static permission = 'granted';
      static requestPermission = async () => 'granted';
      onclick: (() => void) | null = null;
      constructor(title: string, { body = '' }: { body?: string } = {}) {
        super();
        call('toldMessage', title, body);
        Reflect.set(window, 'lastMessage', this);
      }
      close(): void {}
    }
    Reflect.set(window, 'Notification', Shown);
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
      call('toldTone', String(Math.round(this.frequency.value)));
      return start.call(this, when);
    };
    Object.defineProperty(document, 'visibilityState', {
      get: () => (Reflect.get(window, 'inBackground') ? 'hidden' : 'visible'),
    });
  });
  return told;
}

const putInBackground = (page: Page, hidden: boolean): Promise<void> =>
  page.evaluate((hidden) => {
    Reflect.set(window, 'inBackground', hidden);
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

async function hold<T>(stage: Stage, act: () => Promise<T>): Promise<T> {
  await stage.fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  try {
    return await act();
  } finally {
    await stage.fleet.setFaults({ nodes: [] });
  }
}

const iconOf = (page: Page): Promise<string> =>
  page.evaluate(() => decodeURIComponent(document.querySelector<HTMLLinkElement>('link[rel~="icon"]')?.href ?? ''));

test('the tab counts running jobs, and marks results that arrived in the background', async ({
  stage,
  open,
  as,
  ada,
  api,
}) => {
  const page = await open(null, { path: '/login' });
  await listenTo(page.context());
  await page.context().addCookies([{ ...(await as(ada)).cookie, url: stage.url }]);
  await page.goto('/');
  const work = workPage(page);
  await work.empty.waitFor();
  await expect(page).toHaveTitle('comfyume');
  const ownIcon = await iconOf(page);
  expect(ownIcon).toContain('/icon.svg');
  await hold(stage, async () => {
    for (const title of ['One', 'Two']) await api.jobs.submit.mutate({ title, prompt: picture() });
    await expect(page).toHaveTitle('(2) comfyume');
    await expect.poll(() => iconOf(page)).toMatch(/>2<\/text>/);
    await putInBackground(page, true);
  });
  await expect(page).toHaveTitle('• comfyume');
  await expect.poll(() => iconOf(page)).toMatch(/^data:image\/svg/);
  await putInBackground(page, false);
  await expect(page).toHaveTitle('comfyume');
  await expect.poll(() => iconOf(page)).toBe(ownIcon);
});

test('asked once; then one tab notifies, once, of all jobs that end together, and opens the result', async ({
  stage,
  open,
  as,
  ada,
  api,
}) => {
  const page = await open(null, { path: '/login' });
  const told = await listenTo(page.context());
  await page.context().addCookies([{ ...(await as(ada)).cookie, url: stage.url }]);
  await page.goto('/');
  const work = workPage(page);
  await work.empty.waitFor();
  const question = page.getByText('Get notified when a job is done?');
  await expect(question).toBeHidden();

  await hold(stage, async () => {
    await api.jobs.submit.mutate({ title: 'First', prompt: picture() });
    await page.getByRole('button', { name: 'Notify me' }).click();
    await expect(question).toBeHidden();
    await expect.poll(() => told.tones.length).toBe(2);
  });
  // The page is visible: a sound is enough.
  await expect.poll(() => told.tones.length).toBe(4);
  expect(told.messages).toEqual([]);

  const second = await page.context().newPage();
  await second.goto('/');
  await workPage(second).tiles.first().waitFor();
  await hold(stage, async () => {
    for (const title of ['Left', 'Right']) await api.jobs.submit.mutate({ title, prompt: picture({ prefix: title }) });
    for (const tab of [page, second]) await expect(tab).toHaveTitle('(2) comfyume');
    for (const tab of [page, second]) await putInBackground(tab, true);
  });
  // One message when they end together, two when the machine is slow: in any case each is told of once.
  const named = (name: string): number =>
    told.messages.filter(({ title, body }) => `${title} ${body}`.includes(name)).length;
  await expect.poll(() => [named('Left'), named('Right')]).toEqual([1, 1]);
  await expect.poll(() => told.tones.length).toBe(4 + 2 * told.messages.length);

  const spoke = (await page.evaluate(() => Reflect.has(window, 'lastMessage'))) ? page : second;
  await spoke.evaluate(() => Reflect.get(window, 'lastMessage').onclick());
  await expect(spoke.getByRole('dialog').or(spoke.getByRole('region', { name: /viewer/i }))).toBeVisible();
  await expect(spoke).toHaveURL(/result=/);
});

test('off by default; not asked again after declining', async ({ stage, open, as, ada, api }) => {
  const page = await open(null, { path: '/login' });
  const told = await listenTo(page.context());
  await page.context().addCookies([{ ...(await as(ada)).cookie, url: stage.url }]);
  await page.goto('/');
  const work = workPage(page);
  await work.empty.waitFor();
  await runJob(api, { title: 'First', prompt: picture() });
  await page.getByRole('button', { name: 'No, thanks' }).click();
  await page.reload();
  await hold(stage, async () => {
    await api.jobs.submit.mutate({ title: 'Second', prompt: picture() });
    await expect(work.card('Second')).toContainText('Rendering');
    await expect(page.getByText('Get notified when')).toBeHidden();
    await putInBackground(page, true);
  });
  await expect(page).toHaveTitle('• comfyume');
  expect(told).toEqual({ messages: [], tones: [] });

  await page.goto('/account');
  const [sound, message] = ['Sound', 'Browser notification'].map((name) => page.getByRole('checkbox', { name }));
  await expect(sound!).not.toBeChecked();
  await expect(message!).not.toBeChecked();
  await page.getByRole('button', { name: 'Play sound' }).click();
  await expect.poll(() => told.tones.length).toBe(2);
  await sound!.check();
  await message!.check();
  await page.reload();
  await expect(sound!).toBeChecked();
  await expect(message!).toBeChecked();
});
