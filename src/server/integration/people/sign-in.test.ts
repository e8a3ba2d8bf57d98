import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import { createPasswords } from '#src/adapters/auth/passwords.ts';
import { type Database, openDatabase } from '#src/adapters/db/connection.ts';
import { picture } from '../testing/graphs.ts';
import {
  OPERATOR,
  type ProductUnderTest,
  productUnderTest,
  signIn,
  type TestPerson,
} from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { refusal, type Visitor } from '../testing/visitor.ts';

const DAY_S = 86_400;
const FRIEND = 'http://comfy.test:8188';

describe('signing in', () => {
  let product: ProductUnderTest;
  let count = 0;
  beforeAll(async () => {
    product = await productUnderTest({ fleet: null, config: { allowedOrigins: [FRIEND] } });
  });
  afterAll(() => product.stop());

  const somebody = (): Promise<TestPerson> => {
    count += 1;
    return product.participant(`Person ${count}`);
  };
  /** Another browser of the same person. */
  const again = async (person: TestPerson, headers?: Record<string, string>): Promise<Visitor> => {
    const other = product.visitor(headers);
    await signIn(other, { name: person.name, password: person.passphrase });
    return other;
  };
  const isIn = async (who: Visitor): Promise<boolean> => (await who.api.session.me.query()) !== null;
  const post = (who: Visitor, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    who.fetch(`/api/trpc/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const cookieLine = (response: Response): string =>
    response.headers.getSetCookie().find((line) => /^(__Host-)?comfyume_session=/.test(line)) ?? '';
  async function whileStopped(change: (db: Database) => Promise<unknown>): Promise<void> {
    await product.pause();
    const db = await openDatabase(product.config.databaseUrl);
    await change(db);
    await db.close();
    await product.resume();
  }
  const attributes = (line: string): string[] => line.split('; ').slice(1).sort();
  /** The HTTP status with which an upgrade is answered; 101 = open. */
  const upgrade = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/trpc`, { headers });
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

  describe('the cookie', () => {
    test('lives for 14 days, is for HTTP only, and Secure where the browser speaks https', async () => {
      const person = await somebody();
      const body = { name: person.name, password: person.passphrase };
      const plain = await post(product.visitor(), 'session.login', body);
      expect(await plain.json()).toEqual({
        result: { data: { user: { id: person.id, name: person.name, role: 'participant' } } },
      });
      expect(attributes(cookieLine(plain))).toEqual(['HttpOnly', `Max-Age=${14 * DAY_S}`, 'Path=/', 'SameSite=Lax']);
      const behindProxy = await post(product.visitor(), 'session.login', body, { 'x-forwarded-proto': 'https' });
      expect(attributes(cookieLine(behindProxy))).toEqual([
        'HttpOnly',
        `Max-Age=${14 * DAY_S}`,
        'Path=/',
        'SameSite=Lax',
        'Secure',
      ]);
      expect(cookieLine(behindProxy)).toMatch(/^__Host-comfyume_session=/);
      expect(behindProxy.headers.getSetCookie().filter((line) => /domain=/i.test(line))).toEqual([]);
    });

    test('over https the old name goes on for sessions of the version before, and for no others', async () => {
      const https = { 'x-forwarded-proto': 'https' };
      const [person, early] = [await somebody(), await somebody()];
      const token = person.cookie().split('=')[1] ?? '';
      const ask = (cookie: string) =>
        fetch(`${product.url}/api/auth/verify`, { headers: { ...https, cookie } }).then(async (response) => ({
          status: response.status,
          cookies: response.headers.getSetCookie().map((line) => line.replace(/;.*/, '')),
        }));
      expect(await ask(`comfyume_session=${token}`)).toEqual({ status: 401, cookies: [] });
      expect(await ask(`__Host-comfyume_session=${token}`)).toEqual({ status: 200, cookies: [] });
      expect(await ask(`comfyume_session=tossed; __Host-comfyume_session=${token}`)).toMatchObject({ status: 200 });
      const old = 'a-token-as-the-version-before-made-them';
      const tokenHash = createHash('sha256').update(old).digest('hex');
      await whileStopped((db) => db.session.updateMany({ where: { userId: early.id }, data: { tokenHash } }));
      expect(await ask(`comfyume_session=${old}`)).toEqual({
        status: 200,
        cookies: [`__Host-comfyume_session=${old}`],
      });
    });

    test('signing in again ends the session that this browser had, and no other', async () => {
      const [person, next] = [await somebody(), await somebody()];
      const elsewhere = await again(person);
      const feed = person.listen();
      await feed.ready;
      const old = person.cookie();
      await signIn(person, { name: next.name, password: next.passphrase });
      expect((await person.api.session.me.query())?.user.name).toBe(next.name);
      expect((await fetch(`${product.url}/api/auth/verify`, { headers: { cookie: old } })).status).toBe(401);
      expect([await isIn(elsewhere), await isIn(next)]).toEqual([true, true]);
      await until('the old socket to close', () => feed.closed.length > 0);
      await feed.close();
    });

    test('is not in answers that may be kept', async () => {
      const person = await somebody();
      const expiresAt = new Date(Date.now() + 5 * DAY_S * 1000);
      await whileStopped((db) => db.session.updateMany({ where: { userId: person.id }, data: { expiresAt } }));
      for (const path of ['/files/x/y.png', '/files/x/wall', '/takehome', '/strays/x/y', '/extension/x.js'])
        expect([path, (await person.fetch(path)).headers.getSetCookie()]).toEqual([path, []]);
      expect(cookieLine(await person.fetch('/api/trpc/session.me'))).not.toBe('');
    });

    test.runIf(inject('postgresql') === null)('only a hash of it is on the disk', async () => {
      const person = await somebody();
      const token = person.cookie().split('=')[1] ?? '';
      expect(token.length).toBeGreaterThan(40);
      const files = await Promise.all(
        ['comfyume.db', 'comfyume.db-wal'].map((name) =>
          readFile(join(product.folders.data, name), 'latin1').catch(() => ''),
        ),
      );
      const disk = files.join('');
      expect(disk).toContain(createHash('sha256').update(token).digest('hex'));
      expect(disk).not.toContain(token);
      expect(disk).not.toContain(person.passphrase);
    });

    test('made-up, broken and empty cookies are nobody’s', async () => {
      for (const cookie of ['comfyume_session=nonsense', 'comfyume_session=', 'comfyume_session=%', 'other=1'])
        expect(await (await product.visitor().fetch('/api/trpc/session.me', { headers: { cookie } })).json()).toEqual({
          result: { data: null },
        });
    });

    test('is renewed by use, also when a socket was there first; over, it opens nothing', async () => {
      const [person, late] = [await somebody(), await somebody()];
      const day = DAY_S * 1000;
      await product.pause();
      const db = await openDatabase(product.config.databaseUrl);
      await db.session.updateMany({
        where: { userId: person.id },
        data: { expiresAt: new Date(Date.now() + 5 * day) },
      });
      await db.session.updateMany({ where: { userId: late.id }, data: { expiresAt: new Date(Date.now() - 1) } });
      await db.close();
      await product.resume();
      const feed = person.listen();
      await feed.ready;
      const renewed = cookieLine(await person.fetch('/api/trpc/session.me'));
      expect(renewed).toContain(person.cookie());
      expect(attributes(renewed)).toContain(`Max-Age=${14 * DAY_S}`);
      expect(cookieLine(await person.fetch('/api/trpc/session.me'))).toBe('');
      await feed.close();
      expect(await isIn(person)).toBe(true);
      expect(await isIn(late)).toBe(false);
      expect(await upgrade({ cookie: late.cookie() })).toBe(401);
    });
  });

  test.each(['/..//evil', '//evil', '/\\evil', '/a/..//evil'])(
    'a stranger’s way to %s leads through the login page of this site only',
    async (path) => {
      const { hostname, port } = new URL(product.url);
      const location = await new Promise<string | undefined>((resolve, reject) =>
        get({ hostname, port, path }, (response) => {
          response.resume();
          resolve(response.headers.location);
        }).on('error', reject),
      );
      expect(location).toBe('/login?next=%2Fevil');
    },
  );

  describe('who does not fit', () => {
    test('a wrong name, a wrong passphrase and somebody who is disabled are told the same', async () => {
      const [person, shut] = [await somebody(), await somebody()];
      await product.operator.api.admin.participants.setEnabled.mutate({ id: shut.id, enabled: false });
      const answers = [];
      for (const [name, password] of [
        ['Nobody of that name', 'whatever'],
        [person.name, 'whatever'],
        [person.name, ''],
        [shut.name, shut.passphrase],
      ]) {
        const response = await post(product.visitor(), 'session.login', { name, password });
        expect(cookieLine(response)).toBe('');
        answers.push({ status: response.status, body: await response.json() });
      }
      expect(answers[0]).toMatchObject({
        status: 401,
        body: {
          error: { message: 'Incorrect name or passphrase.', data: { appError: 'wrong_credentials' } },
        },
      });
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    });

    test('the name may be written with other capitals and more spaces', async () => {
      const { name, passphrase } = await somebody();
      await signIn(product.visitor(), { name: `  ${name.toUpperCase().replace(' ', '   ')} `, password: passphrase });
    });

    test('who comes in and who is refused is in the log, without what was typed', async () => {
      const person = await somebody();
      product.log.splice(0);
      const browser = product.visitor({ 'x-forwarded-for': '10.6.6.6' });
      await refusal(browser.api.session.login.mutate({ name: person.name, password: 'a wrong passphrase' }));
      await signIn(browser, { name: person.name, password: person.passphrase });
      await refusal(browser.api.admin.queue.state.query());
      const address = '10.6.6.6';
      const said = product.log.filter(({ facts }) => 'address' in facts && facts.address === address);
      expect(said).toEqual([
        {
          level: 'info',
          message: 'refused',
          facts: { path: 'session.login', code: 'wrong_credentials', user: null, address },
        },
        { level: 'info', message: 'signed in', facts: { user: person.id, address } },
        {
          level: 'info',
          message: 'refused',
          facts: { path: 'admin.queue.state', code: 'not_found', user: person.id, address },
        },
      ]);
    });

    test('too many tries: told how long to wait, however the name is written; from elsewhere it goes on', async () => {
      const person = await somebody();
      const attempt = (name: string, password: string, address = '10.1.1.1') =>
        product.visitor({ 'x-forwarded-for': address }).api.session.login.mutate({ name, password });
      const spellings = [person.name, `${person.name} `, person.name.toUpperCase(), person.name.replace(' ', '  ')];
      const codes = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => (await refusal(attempt(spellings[n % 4] ?? '', 'wrong'))).appError),
      );
      expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(8);
      const stopped = await refusal(attempt(person.name, person.passphrase));
      expect(stopped).toMatchObject({
        status: 429,
        appError: 'too_many_attempts',
        message: expect.stringMatching(/^Too many attempts\. Try again in \d+ seconds\.$/),
      });
      expect(stopped.retryAfterSeconds).toBeLessThanOrEqual(60);
      await attempt(person.name, person.passphrase, '10.1.1.2');
      expect(await isIn(person)).toBe(true);
    });
  });

  test('guesses from elsewhere lock nobody out, nor do wrong names behind a shared address', async () => {
    const person = await somebody();
    const from = (address: string, name: string, password: string) =>
      product.visitor({ 'x-forwarded-for': address }).api.session.login.mutate({ name, password });
    for (let n = 0; n < 45; n += 1)
      await refusal(from(`10.2.${n % 9}.1`, person.name, `guess ${n}`)).then(({ appError }) =>
        expect(appError).toBe('wrong_credentials'),
      );
    await from('10.9.9.9', person.name, person.passphrase);
    const nat = '10.3.3.3';
    await Promise.all(Array.from({ length: 210 }, (_, n) => refusal(from(nat, `No such name ${n}`, 'guess'))));
    await from(nat, person.name, person.passphrase);
    const { code } = await product.operator.api.admin.joinCodes.open.mutate({ seats: 5, minutes: 60 });
    const joining = product.visitor({ 'x-forwarded-for': nat });
    expect((await joining.api.session.join.mutate({ code, name: 'Newcomer' })).user.name).toBe('Newcomer');
  });

  test('a browser that somebody signed in with before is let in while its address is used for guesses', async () => {
    const person = await somebody();
    const address = { 'x-forwarded-for': '10.4.4.4' };
    const known = await again(person, address);
    for (let n = 0; n < 9; n += 1)
      await refusal(product.visitor(address).api.session.login.mutate({ name: person.name, password: `guess ${n}` }));
    const credentials = { name: person.name, password: person.passphrase };
    expect(await refusal(signIn(product.visitor(address), credentials))).toMatchObject({
      appError: 'too_many_attempts',
    });
    await signIn(known, credentials);
  });

  describe('signing out', () => {
    test('here: this session and its sockets end, others go on', async () => {
      const person = await somebody();
      const other = await again(person);
      const [feed, others] = [person.listen(), other.listen()];
      await Promise.all([feed.ready, others.ready]);
      const cookie = person.cookie();
      const response = await post(person, 'session.logout', {});
      expect(attributes(cookieLine(response))).toContain('Max-Age=0');
      expect(person.cookie()).toBe('');
      expect((await fetch(`${product.url}/api/auth/verify`, { headers: { cookie } })).status).toBe(401);
      await until('the socket to close', () => feed.closed.length > 0);
      expect(feed.closed[0]).toEqual({ code: 4401, reason: 'signed out' });
      expect(await isIn(other)).toBe(true);
      expect(others.closed).toEqual([]);
      await Promise.all([feed.close(), others.close()]);
    });

    test('everywhere: all of one’s own, and nobody else’s', async () => {
      const [person, stranger] = [await somebody(), await somebody()];
      const other = await again(person);
      const feeds = [person, other, stranger].map((who) => who.listen());
      await Promise.all(feeds.map(({ ready }) => ready));
      await person.api.session.logout.mutate({ everywhere: true });
      await until(
        'both sockets to close',
        () => (feeds[0]?.closed.length ?? 0) > 0 && (feeds[1]?.closed.length ?? 0) > 0,
      );
      expect([await isIn(other), await isIn(stranger)]).toEqual([false, true]);
      expect(feeds[2]?.closed).toEqual([]);
      await Promise.all(feeds.map((feed) => feed.close()));
    });

    test('a new passphrase ends the other sessions and keeps this one', async () => {
      const person = await somebody();
      const other = await again(person);
      expect(
        await refusal(person.api.session.changePassword.mutate({ current: 'wrong', next: 'a new passphrase' })),
      ).toMatchObject({ appError: 'wrong_credentials' });
      await person.api.session.changePassword.mutate({ current: person.passphrase, next: 'a new passphrase' });
      expect([await isIn(person), await isIn(other)]).toEqual([true, false]);
      expect(
        await refusal(signIn(product.visitor(), { name: person.name, password: person.passphrase })),
      ).toMatchObject({ appError: 'wrong_credentials' });
      await signIn(product.visitor(), { name: person.name, password: 'a new passphrase' });
    });

    test('a new passphrase is long, not common and not blank; one of before still signs in', async () => {
      const person = await somebody();
      for (const next of ['too short', 'Password123', ' '.repeat(12)])
        expect(
          await refusal(person.api.session.changePassword.mutate({ current: person.passphrase, next })),
        ).toMatchObject({ appError: 'invalid_input', message: expect.stringMatching(/passphrase/i) });
      const short = await createPasswords(1).hash('8 letter');
      await whileStopped((db) => db.user.update({ where: { id: person.id }, data: { passwordHash: short } }));
      await signIn(product.visitor(), { name: person.name, password: '8 letter' });
    });

    test('a passphrase that the operator gives anew ends them all', async () => {
      const person = await somebody();
      const { passphrase } = await product.operator.api.admin.participants.resetPassphrase.mutate({ id: person.id });
      expect(await isIn(person)).toBe(false);
      await signIn(product.visitor(), { name: person.name, password: passphrase });
    });
  });

  test('who is disabled is out at once: pages, sockets, scripts; and may come back', async () => {
    const person = await somebody();
    const { token } = await person.api.session.createToken.mutate({ name: 'script' });
    const script = product.visitor({ authorization: `Bearer ${token}` });
    const [feed, scripts] = [person.listen(), script.listen()];
    await Promise.all([feed.ready, scripts.ready]);
    await product.operator.api.admin.participants.setEnabled.mutate({ id: person.id, enabled: false });
    await until('both sockets to close', () => feed.closed.length > 0 && scripts.closed.length > 0);
    expect([await isIn(person), await isIn(script)]).toEqual([false, false]);
    expect(await refusal(person.api.jobs.list.query())).toMatchObject({ status: 401, appError: 'not_signed_in' });
    expect((await person.fetch('/files/anything/x.png')).status).toBe(401);
    expect([await upgrade({ cookie: person.cookie() }), await upgrade({ authorization: `Bearer ${token}` })]).toEqual([
      401, 401,
    ]);
    await Promise.all([feed.close(), scripts.close()]);
    await product.operator.api.admin.participants.setEnabled.mutate({ id: person.id, enabled: true });
    expect([await isIn(person), await isIn(script)]).toEqual([false, true]);
    await signIn(person, { name: person.name, password: person.passphrase });
    expect(
      await refusal(
        product.operator.api.admin.participants.setEnabled.mutate({
          id: (await product.operator.api.session.me.query())?.user.id ?? '',
          enabled: false,
        }),
      ),
    ).toMatchObject({ appError: 'conflict' });
  });

  describe('personal tokens', () => {
    test('let a script in without a cookie, until they are revoked', async () => {
      const person = await somebody();
      const { id, token } = await person.api.session.createToken.mutate({ name: ' my script ' });
      const script = product.visitor({ authorization: `Bearer ${token}` });
      expect(await script.api.session.me.query()).toEqual({
        user: { id: person.id, name: person.name, role: 'participant' },
        operator: null,
        classTitle: '',
      });
      expect((await script.fetch('/api/auth/verify')).status).toBe(200);
      expect(await upgrade({ authorization: `Bearer ${token}` })).toBe(101);
      expect(await person.api.session.tokens.query()).toEqual([
        {
          id,
          name: 'my script',
          scope: 'all',
          createdAt: expect.any(String),
          lastUsedAt: expect.any(String),
          expiresAt: expect.any(String),
        },
      ]);
      const feed = script.listen();
      await feed.ready;
      await person.api.session.revokeToken.mutate({ id });
      await until('the script’s socket to close', () => feed.closed.length > 0);
      await feed.close();
      expect(await isIn(script)).toBe(false);
      expect(await person.api.session.tokens.query()).toEqual([]);
      expect(await isIn(person)).toBe(true);
    });

    const scriptOf = async (person: TestPerson, more: object): Promise<Visitor> => {
      const { token } = await person.api.session.createToken.mutate({ name: 'script', ...more });
      return product.visitor({ authorization: `Bearer ${token}` });
    };

    test.each(['a new passphrase', 'signing out everywhere', 'a passphrase that the operator gives anew'])(
      'end with %s, sockets and all',
      async (what) => {
        const person = await somebody();
        const script = await scriptOf(person, {});
        const feed = script.listen();
        await feed.ready;
        const { api } = person;
        if (what === 'a new passphrase')
          await api.session.changePassword.mutate({ current: person.passphrase, next: 'quite another one' });
        else if (what === 'signing out everywhere') await api.session.logout.mutate({ everywhere: true });
        else await product.operator.api.admin.participants.resetPassphrase.mutate({ id: person.id });
        expect(await isIn(script)).toBe(false);
        await until('the script’s socket to close', () => feed.closed.length > 0);
        await feed.close();
      },
    );

    test('make no tokens, do what their scope says, and end with their time', async () => {
      const person = await somebody();
      const [reads, submits, all] = [
        await scriptOf(person, { scope: 'read' }),
        await scriptOf(person, { scope: 'submit' }),
        await scriptOf(person, { days: 1 }),
      ];
      const outcome = (call: Promise<unknown>) =>
        call.then(
          () => 'ok',
          async () => (await refusal(call)).appError,
        );
      const each = (call: (who: Visitor) => Promise<unknown>) =>
        Promise.all([reads, submits, all].map((who) => outcome(call(who))));
      expect(await each(({ api }) => api.jobs.list.query())).toEqual(['ok', 'ok', 'ok']);
      expect(await each(({ api }) => api.jobs.submit.mutate({ prompt: picture() }))).toEqual(['forbidden', 'ok', 'ok']);
      expect(await each(({ api }) => api.results.remove.mutate({ ids: ['x'] }))).toEqual([
        'forbidden',
        'forbidden',
        'not_found',
      ]);
      expect(await each(({ api }) => api.session.createToken.mutate({ name: 'x' }))).toEqual(
        Array(3).fill('forbidden'),
      );
      const upload = new FormData();
      upload.set('file', new Blob(['x']), 'x.png');
      expect((await reads.fetch('/api/inputs', { method: 'POST', body: upload })).status).toBe(403);
      await whileStopped((db) =>
        db.personalToken.updateMany({ where: { userId: person.id }, data: { expiresAt: new Date(Date.now() - 1) } }),
      );
      expect([await isIn(reads), await isIn(all), await upgrade({ cookie: person.cookie() })]).toEqual([
        false,
        false,
        101,
      ]);
    });

    test('operators see everybody’s and revoke them', async () => {
      const person = await somebody();
      const script = await scriptOf(person, { scope: 'read', days: null });
      const { tokens } = product.operator.api.admin;
      const found = (await tokens.list.query()).find(({ user }) => user.id === person.id);
      expect(found).toMatchObject({ name: 'script', scope: 'read', expiresAt: null, user: { name: person.name } });
      await tokens.revoke.mutate({ id: found?.id ?? '' });
      expect(await isIn(script)).toBe(false);
      expect(await refusal(tokens.revoke.mutate({ id: found?.id ?? '' }))).toMatchObject({ appError: 'not_found' });
    });

    test('a token that is none is not made good by a cookie that is', async () => {
      const person = await somebody();
      const response = await person.fetch('/api/trpc/session.me', { headers: { authorization: 'Bearer nonsense' } });
      expect(await response.json()).toEqual({ result: { data: null } });
      expect(await upgrade({ cookie: person.cookie(), authorization: 'Bearer nonsense' })).toBe(401);
    });
  });

  describe('where requests come from', () => {
    const own = () => product.url;
    const evil = 'https://evil.test';

    test.each([
      ['our own pages', () => ({ origin: own() }), 200],
      ['a script, which sends no Origin', () => ({}), 200],
      ['an origin that is allowed', () => ({ origin: FRIEND }), 200],
      ['another origin', () => ({ origin: evil }), 403],
      ['our name with another port', () => ({ origin: 'http://127.0.0.1:1' }), 403],
      ['our name by https', () => ({ origin: own().replace('http', 'https') }), 403],
      ['nowhere', () => ({ origin: 'null' }), 403],
      ['a form on another site', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
    ])('%s', async (_, headers, status) => {
      const person = await somebody();
      const response = await post(person, 'session.createToken', { name: 'x' }, headers());
      expect(response.status).toBe(status);
      if (status === 403)
        expect(await response.json()).toMatchObject({ error: { data: { appError: 'foreign_origin' } } });
      expect(await person.api.session.tokens.query()).toHaveLength(status === 200 ? 1 : 0);
      expect(await upgrade({ cookie: person.cookie(), ...headers() })).toBe(status === 200 ? 101 : 403);
    });

    test('an allowed origin may read our answers, another may not', async () => {
      const person = await somebody();
      const ask = (origin: string, method = 'GET') =>
        person.fetch('/api/trpc/session.me', { method, headers: { origin, 'access-control-request-method': 'POST' } });
      for (const method of ['GET', 'OPTIONS']) {
        const friend = await ask(FRIEND, method);
        expect(friend.status).toBe(method === 'GET' ? 200 : 204);
        expect(Object.fromEntries([...friend.headers].filter(([name]) => name.startsWith('access-control')))).toEqual({
          'access-control-expose-headers': 'date',
          'access-control-allow-origin': FRIEND,
          'access-control-allow-credentials': 'true',
          'access-control-allow-headers': 'content-type, authorization',
          'access-control-allow-methods': 'GET, POST',
        });
        for (const origin of [evil, own()])
          expect((await ask(origin, method)).headers.get('access-control-allow-origin')).toBeNull();
      }
    });
  });

  test('whom nginx may let through', async () => {
    const person = await product.participant('Zoë 🌧');
    const yes = await person.fetch('/api/auth/verify');
    expect([yes.status, await yes.json(), decodeURIComponent(yes.headers.get('x-comfyume-user') ?? '')]).toEqual([
      200,
      { name: 'Zoë 🌧' },
      'Zoë 🌧',
    ]);
    expect(yes.headers.get('x-comfyume-id')).toBe(person.id);
    expect(yes.headers.get('x-comfyume-role')).toBe('participant');
    expect((await product.operator.fetch('/api/auth/verify')).headers.get('x-comfyume-role')).toBe('operator');
    const no = await product.visitor().fetch('/api/auth/verify');
    expect([no.status, await no.json()]).toEqual([401, { ok: false }]);
  });

  test('a socket cannot sign anybody in, and needs a session before it opens', async () => {
    expect(await upgrade({})).toBe(401);
    expect(await upgrade({ cookie: 'comfyume_session=nonsense' })).toBe(401);
  });

  test('the operator is made once; the next start finds the account', async () => {
    const { id } = (await product.operator.api.session.me.query())?.user ?? { id: '' };
    await product.pause();
    await product.resume({ admin: { name: 'Another', password: 'another password' } });
    expect((await product.operator.api.session.me.query())?.user).toEqual({
      id,
      name: OPERATOR.name,
      role: 'operator',
    });
    expect(await refusal(signIn(product.visitor(), { name: 'Another', password: 'another password' }))).toMatchObject({
      appError: 'wrong_credentials',
    });
  });

  test('nothing went wrong meanwhile', () => {
    expect(product.wentWrong()).toEqual([]);
  });
});
