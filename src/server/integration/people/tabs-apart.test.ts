import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openDatabase } from '#src/adapters/db/connection.ts';
import { picture } from '../testing/graphs.ts';
import {
  OPERATOR,
  type ProductUnderTest,
  productUnderTest,
  signIn,
  type TestPerson,
} from '../testing/product-under-test.ts';
import { APART, atTabs, pathOf, tabOf } from '../testing/tab-of.ts';
import { until } from '../testing/until.ts';
import { refusal, type Visitor } from '../testing/visitor.ts';

describe('ComfyUI tabs at an origin of their own', () => {
  let product: ProductUnderTest;
  let count = 0;
  beforeAll(async () => {
    product = await productUnderTest({
      fleet: { replicas: 1 },
      config: { ...APART, allowedOrigins: ['http://friend.test'] },
    });
  });
  afterAll(() => product.stop());

  const somebody = (): Promise<TestPerson> => {
    count += 1;
    return product.participant(`Person ${count}`);
  };
  const stranger = (): Visitor => atTabs(product);
  const who = async (browser: Visitor): Promise<string | null> =>
    (await browser.api.session.me.query())?.user.name ?? null;
  const leadsTo = async (browser: Visitor, path: string): Promise<string> =>
    (await browser.fetch(path)).headers.get('location') ?? '';
  /** The answer of the gallery to a browser on its way. */
  const asked = async (tab: Visitor, gallery: Visitor, path = '/open/comfy/'): Promise<Response> =>
    gallery.fetch(pathOf(await leadsTo(tab, path)));
  const post = (browser: Visitor, path: string, body: unknown, headers: Record<string, string>): Promise<number> =>
    browser
      .fetch(`/api/trpc/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      })
      .then(({ status }) => status);
  const upgrade = (address: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${address.replace('http', 'ws')}/api/trpc`, { headers });
      socket.on('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.on('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', reject);
    });

  describe('the way there', () => {
    test('the gallery leads there, and back come who it is and where to', async () => {
      const anna = await somebody();
      expect((await anna.api.session.info.query()).comfyuiUrl).toBe('http://localhost/open/comfy/');
      const tab = stranger();
      const begun = await leadsTo(tab, '/open/comfy/?comfyume-result=1&x=2');
      expect(begun).toMatch(/^http:\/\/127\.0\.0\.1\/enter-comfyui\?state=[0-9a-f]{64}&next=/);
      const known = (await anna.fetch(pathOf(begun))).headers.get('location') ?? '';
      expect(known).toMatch(/^http:\/\/localhost\/enter\?code=cfy_/);
      const entered = await tab.fetch(pathOf(known));
      expect([entered.status, entered.headers.get('location'), entered.headers.get('cache-control')]).toEqual([
        302,
        '/comfy/?comfyume-result=1&x=2',
        'no-store',
      ]);
      expect(entered.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^comfyume_tab=cfy_[^;]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/),
        expect.stringMatching(/^comfyume_last=[0-9a-f]{64}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/),
      ]);
      expect(await who(tab)).toBe(anna.name);
    });

    test('over https the cookies are the host’s alone', async () => {
      const https = { 'x-forwarded-proto': 'https' };
      const anna = await somebody();
      const tab = atTabs(product, https);
      const begun = await tab.fetch('/open/comfy/');
      expect(begun.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-comfyume_entering=.*; Secure;/)]);
      const known = await anna.fetch(pathOf(begun.headers.get('location')));
      const entered = await tab.fetch(pathOf(known.headers.get('location')));
      expect(entered.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^__Host-comfyume_tab=.*; Secure;/),
        expect.stringMatching(/^__Host-comfyume_last=.*; Secure;/),
      ]);
      expect(await who(tab)).toBe(anna.name);
    });

    test('who is not signed in is asked to, and goes on from there', async () => {
      const to = await (await asked(stranger(), product.visitor())).headers.get('location');
      expect(to).toMatch(/^\/login\?next=%2Fenter-comfyui%3Fstate%3D/);
    });

    test('ComfyUI’s “sign in” goes the same way, home', async () => {
      const tab = stranger();
      const anna = await somebody();
      const known = await asked(tab, anna, '/login');
      expect(await leadsTo(tab, pathOf(known.headers.get('location')))).toBe('/comfy/');
    });

    test('a code is good once, and only in the browser that asked', async () => {
      const [anna, tab] = [await somebody(), stranger()];
      const first = pathOf((await asked(tab, anna)).headers.get('location'));
      const foreign = await stranger().fetch(first);
      expect([foreign.status, foreign.headers.getSetCookie()]).toEqual([401, []]);
      expect((await tab.fetch(first)).status).toBe(401);
      const second = pathOf((await asked(tab, anna)).headers.get('location'));
      expect([(await tab.fetch(second)).status, (await tab.fetch(second)).status]).toEqual([302, 401]);
      expect(await (await tab.fetch(second)).text()).toContain('Open ComfyUI from the gallery again');
    });

    test('a code of a session that is over opens nothing', async () => {
      const [anna, tab] = [await somebody(), stranger()];
      const code = pathOf((await asked(tab, anna)).headers.get('location'));
      await anna.api.session.logout.mutate();
      expect((await tab.fetch(code)).status).toBe(401);
      expect(await who(tab)).toBeNull();
    });

    test('not for operators, but as somebody, nor for tokens', async () => {
      const anna = await somebody();
      const teacher = product.visitor();
      await signIn(teacher, OPERATOR);
      const own = await asked(stranger(), teacher);
      expect([own.status, await own.text()]).toEqual([403, expect.stringContaining('for participants')]);
      await teacher.api.admin.participants.lookAs.mutate({ id: anna.id });
      const as = await asked(stranger(), teacher);
      expect(as.status).toBe(302);
      const { token } = await anna.api.session.createToken.mutate({ name: 'x' });
      expect((await asked(stranger(), product.visitor({ authorization: `Bearer ${token}` }))).status).toBe(403);
    });

    test('a script cannot go it unseen, and nobody without having begun', async () => {
      const anna = await somebody();
      const begun = pathOf(await leadsTo(stranger(), '/open/'));
      for (const destination of ['empty', 'iframe', 'image'])
        expect((await anna.fetch(begun, { headers: { 'sec-fetch-dest': destination } })).status).toBe(400);
      expect((await anna.fetch('/enter-comfyui?next=/comfy/')).status).toBe(400);
      expect((await anna.fetch(begun, { headers: { 'sec-fetch-dest': 'document' } })).status).toBe(302);
    });

    test.each(['//evil.test/', '/..//evil.test', '/\\evil.test', 'https://evil.test/', '@evil.test/', '.evil.test/'])(
      'it never leads away: %s',
      async (evil) => {
        const [anna, tab] = [await somebody(), stranger()];
        await tab.fetch('/open/');
        const begun = new URL(await leadsTo(tab, `/open/${evil}`));
        expect(begun.origin).toBe('http://127.0.0.1');
        begun.pathname = '/enter-comfyui';
        begun.searchParams.set('state', new URL(await leadsTo(tab, '/open/')).searchParams.get('state') ?? '');
        begun.searchParams.set('next', evil);
        const known = new URL(await leadsTo(anna, pathOf(begun.href)));
        expect(known.origin).toBe('http://localhost');
        known.searchParams.set('next', evil);
        expect(new URL(await leadsTo(tab, pathOf(known.href)), 'http://localhost').origin).toBe('http://localhost');
      },
    );

    test('opened again it is the same session, and another person’s ends the one before', async () => {
      const [anna, ben] = [await somebody(), await somebody()];
      const tab = stranger();
      const enter = async (person: Visitor) => tab.fetch(pathOf((await asked(tab, person)).headers.get('location')));
      await enter(anna);
      const feed = tab.listen();
      await feed.ready;
      expect((await enter(anna)).headers.getSetCookie()).toEqual([]);
      expect(feed.closed).toEqual([]);
      await enter(ben);
      expect(await who(tab)).toBe(ben.name);
      await until('the socket to close', () => feed.closed.length > 0);
      await feed.close();
    });
  });

  test('a session in the gallery has one tab, however often somebody comes in', async () => {
    const anna = await somebody();
    const [first, second] = [await tabOf(product, anna), await tabOf(product, anna)];
    expect([await who(first), await who(second)]).toEqual([null, anna.name]);
    expect(product.log).toContainEqual({
      level: 'info',
      facts: { user: anna.id, address: expect.stringContaining('127.0.0.1') },
      message: 'entered ComfyUI',
    });
  });

  describe('what is where', () => {
    test('at the tabs there is nothing of the gallery, whoever asks', async () => {
      const tab = await tabOf(product, await somebody());
      expect(await (await tab.fetch('/')).text()).toContain('The ComfyUI editor is not loaded yet');
      for (const path of [
        '/work',
        '/admin',
        '/takehome',
        '/strays/a/b',
        '/metrics.txt',
        '/_next/x.js',
        '/join',
        '/enter-comfyui',
      ])
        expect([path, (await tab.fetch(path)).status]).toEqual([path, 404]);
    });

    test('without a session at the tabs there is nothing', async () => {
      expect(await who(stranger())).toBeNull();
      expect((await stranger().fetch('/api/auth/verify')).status).toBe(401);
      expect((await stranger().fetch('/files/x')).status).toBe(401);
    });

    test('nobody signs in or joins there', async () => {
      const anna = await somebody();
      const tab = stranger();
      const login = await refusal(tab.api.session.login.mutate({ name: anna.name, password: anna.passphrase }));
      expect([login.appError, login.message]).toEqual(['invalid_input', expect.stringContaining('gallery’s address')]);
      const { code } = await product.operator.api.admin.joinCodes.open.mutate({ seats: 1, minutes: 5 });
      expect((await refusal(tab.api.session.join.mutate({ code, name: 'New' }))).appError).toBe('invalid_input');
      expect(await who(tab)).toBeNull();
    });
  });

  test('neither cookie counts at the other’s address, whatever it is called', async () => {
    const anna = await somebody();
    const tab = await tabOf(product, anna);
    const gallery = anna.cookie();
    const value = gallery.split('=')[1] ?? '';
    const entered = await asked(stranger(), anna);
    expect(entered.status).toBe(302);
    const atGallery = (cookie: string) => who(product.visitor({ cookie }));
    const there = (cookie: string) => who(atTabs(product, { cookie }));
    expect([await atGallery(gallery), await there(gallery)]).toEqual([anna.name, null]);
    expect(await there(`comfyume_tab=${value}`)).toBeNull();
    const own = (await tab.fetch('/api/auth/verify')).headers;
    expect(own.get('x-comfyume-id')).toBe(anna.id);
    const again = stranger();
    const opened = await again.fetch(pathOf((await asked(again, anna)).headers.get('location')));
    const tabs = /^comfyume_tab=([^;]+)/.exec(opened.headers.getSetCookie()[0] ?? '')?.[1] ?? '';
    expect(await there(`comfyume_tab=${tabs}`)).toBe(anna.name);
    for (const name of ['comfyume_tab', 'comfyume_session', '__Host-comfyume_session'])
      expect(await atGallery(`${name}=${tabs}`)).toBeNull();
  });

  describe('what may ask', () => {
    test('the tabs’ own page, and none of the gallery’s or of those that the gallery lets in', async () => {
      const tab = await tabOf(product, await somebody());
      const submit = (origin: string) => post(tab, 'jobs.submit', { prompt: picture() }, { origin });
      expect(await submit('http://localhost')).toBe(200);
      for (const origin of ['http://127.0.0.1', 'http://friend.test', 'http://localhost:81', 'null'])
        expect([origin, await submit(origin)]).toEqual([origin, 403]);
      const open = (origin: string) =>
        upgrade(product.url.replace('127.0.0.1', 'localhost'), { origin, cookie: 'comfyume_tab=x' });
      expect([await open('http://localhost'), await open('http://127.0.0.1')]).toEqual([401, 403]);
      const preflight = await tab.fetch('/api/trpc/jobs.list', {
        method: 'OPTIONS',
        headers: { origin: 'http://friend.test' },
      });
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    });

    test('at the gallery nothing from the tabs', async () => {
      const anna = await somebody();
      const from = { origin: 'http://localhost', 'sec-fetch-site': 'same-site' };
      expect(await post(anna, 'jobs.submit', { prompt: picture() }, from)).toBe(403);
      expect(await post(anna, 'jobs.submit', { prompt: picture() }, { 'sec-fetch-site': 'same-site' })).toBe(403);
      expect(await upgrade(product.url, { ...from, cookie: anna.cookie() })).toBe(403);
      const read = await anna.fetch('/api/trpc/jobs.list', { headers: from });
      expect(read.headers.get('access-control-allow-origin')).toBeNull();
    });
  });

  test('the extension has all it needs, and a script no more than that', async () => {
    const anna = await somebody();
    const tab = await tabOf(product, anna);
    const feed = tab.listen();
    await feed.ready;
    const { id } = await tab.api.jobs.submit.mutate({ prompt: picture() });
    await until('the result', () => feed.received.some(({ data }) => data.type === 'result.added'));
    await feed.close();
    const [result] = (await tab.api.jobs.get.query({ id })).results;
    expect((await tab.fetch(result?.url ?? '')).status).toBe(200);
    const form = new FormData();
    const bytes = await (await anna.fetch(result?.url ?? '')).arrayBuffer();
    form.append('file', new Blob([bytes]), 'in.png');
    expect((await tab.fetch('/api/inputs', { method: 'POST', body: form })).status).toBe(200);
    await tab.api.announcement.get.query();
    await tab.api.workflows.list.query();
    const refused = await refusal(tab.api.session.createToken.mutate({ name: 'mine' }));
    expect([refused.status, refused.message]).toEqual([
      403,
      'ComfyUI’s page can only send jobs and read. Do this in the gallery.',
    ]);
    const current = anna.passphrase;
    const calls: (() => Promise<unknown>)[] = [
      () => tab.api.session.logout.mutate({ everywhere: true }),
      () => tab.api.session.changePassword.mutate({ current, next: 'a passphrase of mine' }),
      () => tab.api.results.remove.mutate({ ids: [result?.id ?? ''] }),
      () => tab.api.session.lookBack.mutate(),
    ];
    for (const call of calls) expect((await refusal(call())).appError).toBe('forbidden');
    expect((await refusal(tab.api.admin.participants.list.query())).appError).toBe('not_found');
  });

  describe('a session of the tab ends', () => {
    const ends: [string, (anna: TestPerson) => Promise<unknown>][] = [
      ['with the one in the gallery', (anna) => anna.api.session.logout.mutate()],
      ['with “sign out everywhere”', (anna) => anna.api.session.logout.mutate({ everywhere: true })],
      ['when another person signs in to the gallery', (anna) => signIn(anna, OPERATOR)],
      [
        'with a new passphrase',
        (anna) => anna.api.session.changePassword.mutate({ current: anna.passphrase, next: 'a passphrase of mine' }),
      ],
      ['with a new passphrase', ({ id }) => product.operator.api.admin.participants.resetPassphrase.mutate({ id })],
      ['when disabled', ({ id }) => product.operator.api.admin.participants.setEnabled.mutate({ id, enabled: false })],
      [
        'when made an operator',
        ({ id }) => product.operator.api.admin.participants.setRole.mutate({ id, role: 'operator' }),
      ],
      ['when removed', ({ id }) => product.operator.api.admin.participants.delete.mutate({ id, withWork: false })],
    ];
    test.each(ends)('%s', async (_, end) => {
      const anna = await somebody();
      const tab = await tabOf(product, anna);
      const feed = tab.listen();
      await feed.ready;
      await end(anna);
      await until('the socket to close', () => feed.closed.length > 0);
      await feed.close();
      expect(feed.closed[0]?.code).toBe(4401);
      expect(await who(tab)).toBeNull();
    });

    test('when the one in the gallery has run out, and with what is swept away of that', async () => {
      const anna = await somebody();
      const tab = await tabOf(product, anna);
      await product.pause();
      const db = await openDatabase(product.config.databaseUrl);
      await db.session.updateMany({ where: { userId: anna.id, parentId: null }, data: { expiresAt: new Date(0) } });
      await db.close();
      await product.resume();
      expect(await who(tab)).toBeNull();
      await signIn(product.visitor(), { name: anna.name, password: anna.passphrase });
      expect(await who(tab)).toBeNull();
    });
  });

  test('nothing went wrong meanwhile', () => {
    expect(product.wentWrong()).toEqual([]);
  });
});

test('without COMFYUI_ORIGIN all is at one address', async () => {
  const product = await productUnderTest({ fleet: null, config: { comfyuiUrl: '/comfy/' } });
  try {
    const anna = await product.participant('Anna');
    expect((await anna.api.session.info.query()).comfyuiUrl).toBe('/comfy/');
    expect((await anna.fetch('/enter-comfyui?state=x')).status).toBe(404);
    expect((await anna.fetch('/api/auth/verify')).headers.get('x-comfyume-id')).toBe(anna.id);
  } finally {
    await product.stop();
  }
});
