import { type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test';
import { type Api, type SignedIn, signIn } from './api.ts';
import { openStage, type Person, type Stage } from './stage.ts';

type OpenOptions = BrowserContextOptions & { readonly path?: string };

type Fixtures = {
  /** What browsers complained about; a test in which they did fails, unless it expects it. */
  complaints: { expect(pattern: RegExp): void; hear(text: string): void };
  /** Calls in somebody's name, beside the browser. */
  as(person: Person): Promise<SignedIn>;
  /** A participant of the test's own, */
  ada: Person;
  /** and a client signed in as them. */
  api: Api;
  /** A window of somebody signed in, or of nobody, in a browser profile of its own. */
  open(person: Person | null, options?: OpenOptions): Promise<Page>;
};

export const test = base.extend<Fixtures, { stage: Stage }>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from here
    async ({}, use) => {
      const stage = await openStage();
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],

  complaints: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const heard: string[] = [];
      const expected: RegExp[] = [];
      await use({ expect: (pattern) => expected.push(pattern), hear: (text) => heard.push(text) });
      expect(heard.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],

  as: async ({ stage }, use) => {
    await use((person) => signIn(stage.url, person.name, person.passphrase));
  },

  ada: async ({ stage }, use) => {
    const [ada] = await stage.people('Ada');
    await use(ada!);
  },

  api: async ({ ada, as }, use) => {
    await use((await as(ada)).api);
  },

  open: async ({ browser, stage, as, complaints }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (person, { path = '/', ...options } = {}) => {
      const context = await browser.newContext({ baseURL: stage.url, ...options });
      contexts.push(context);
      context.on('console', (message) => {
        if (message.type() === 'error') complaints.hear(`${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => complaints.hear(String(error.error())));
      if (person) await context.addCookies([{ ...(await as(person)).cookie, url: options.baseURL ?? stage.url }]);
      const page = await context.newPage();
      await page.goto(path);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };
