import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { SOCKET } from '#src/domain/request-bounds.ts';
import { TIMINGS } from '../../timings.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import type { Visitor } from '../testing/visitor.ts';

const MIB = 1024 ** 2;
const refused = z.object({ error: z.object({ message: z.string(), data: z.object({ appError: z.string() }) }) });

describe('what one request may hold', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let ben: TestPerson;

  beforeAll(async () => {
    product = await productUnderTest({
      fleet: null,
      arrange: (deps) => ({ ...deps, timings: { ...TIMINGS, stalledMs: 300 } }),
    });
    [anna, ben] = await product.participants(['Anna', 'Ben']).then(([one, other]) => [one!, other!]);
  });
  afterAll(() => product.stop());

  const post = (who: Visitor, path: string, body: string) =>
    who.fetch(`/api/trpc/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const no = async (answer: Promise<Response>) => {
    const response = await answer;
    const { error } = refused.parse(await response.json());
    return { status: response.status, appError: error.data.appError, message: error.message };
  };

  test.each([
    ['session.login', 17 * 1024, '16'],
    ['session.login', 16 * MIB, '16'],
    ['session.join', 17 * 1024, '16'],
  ])('a stranger’s %s of %i bytes is not read', async (path, bytes, kb) => {
    const answer = await no(post(product.visitor(), path, '['.repeat(bytes)));
    expect(answer).toMatchObject({ status: 413, appError: 'too_large', message: expect.stringContaining(kb) });
  });

  test('what nobody wants is not read: who sends it is answered while it is on its way', async () => {
    const request = httpRequest(`${product.url}/api/trpc/jobs.submit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 9 * MIB },
    });
    request.on('error', () => undefined);
    const answered = once(request, 'response');
    request.write('{');
    const [response] = z.tuple([z.object({ statusCode: z.number() })]).parse(await answered);
    expect(response.statusCode).toBe(401);
    request.destroy();
  });

  test('a stranger is asked to sign in before the body of anything else is looked at', async () => {
    expect(await no(post(product.visitor(), 'jobs.submit', '['.repeat(9 * MIB)))).toMatchObject({
      status: 401,
      appError: 'not_signed_in',
    });
    expect((await post(product.visitor(), 'session.login,jobs.submit?batch=1', '['.repeat(MIB))).status).not.toBe(200);
  });

  test('most calls may have 256 KB, a submission some MB', async () => {
    const text = 'x'.repeat(300_000);
    expect(await no(post(anna, 'jobs.cancel', JSON.stringify({ id: text })))).toMatchObject({ status: 413 });
    expect(await no(post(anna, 'jobs.submit', JSON.stringify({ prompt: text })))).toMatchObject({ status: 400 });
    expect(await no(post(anna, 'jobs.submit', JSON.stringify({ prompt: 'x'.repeat(10 * MIB) })))).toMatchObject({
      status: 413,
    });
  });

  test('a body that does not say how long it is, is read as far as it may be', async () => {
    const request = httpRequest(`${product.url}/api/trpc/session.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    });
    const answered = once(request, 'response');
    request.on('error', () => undefined);
    for (let piece = 0; piece < 20; piece += 1) request.write('['.repeat(16 * 1024));
    const [response] = z.tuple([z.object({ statusCode: z.number() })]).parse(await answered);
    expect(response.statusCode).toBe(413);
    request.destroy();
  });

  test.each([
    ['lists', '['.repeat(9 * MIB), 'levels'],
    ['objects', '{"a":'.repeat(MIB), 'levels'],
    ['values', `{"prompt":[${'0,'.repeat(4 * MIB)}0]}`, 'values'],
  ])('%s without end are counted and refused before they are parsed', async (_, body, counted) => {
    const refusal = no(post(anna, 'jobs.submit', body));
    expect((await ben.api.session.me.query())?.user.name).toBe('Ben');
    expect(await refusal).toMatchObject({ message: expect.stringContaining(counted) });
  });

  test('a large graph keeps every digit on its way through the other thread, also as text', async () => {
    const graph = { ...picture(), 99: { class_type: 'Note', inputs: { text: 'x'.repeat(2 * MIB), seed: 'SEED' } } };
    const exact = JSON.stringify(graph).replace('"SEED"', '18446744073709551615');
    for (const prompt of [exact, JSON.stringify(exact)]) {
      const answer = await post(anna, 'jobs.submit', `{"prompt":${prompt}}`);
      const text = await answer.text();
      const { result } = z.object({ result: z.object({ data: z.object({ id: z.string() }) }) }).parse(JSON.parse(text));
      const stored = await anna.api.jobs.graph.query({ id: result.data.id });
      expect(stored.exactPrompt).toContain('18446744073709551615');
    }
  });

  test('a person has two large bodies under way, not more', async () => {
    const half = Array.from({ length: 3 }, () => {
      const request = httpRequest(`${product.url}/api/trpc/jobs.submit`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': 5 * MIB, cookie: anna.cookie() },
      });
      request.on('error', () => undefined);
      request.write('{');
      return { request, status: once(request, 'response').then(([response]) => response.statusCode) };
    });
    // The third is refused at once; those before it stop arriving, and are given up.
    expect((await Promise.all(half.map(({ status }) => status))).sort()).toEqual([408, 408, 429]);
    for (const { request } of half) request.destroy();
  });

  test.each([
    ['a boundary', (n: number) => [`multipart/form-data; boundary=${'b'.repeat(n)}`, 'x']],
    [
      'the head of a part',
      (n: number) => ['multipart/form-data; boundary=b', `--b\r\n${'X'.repeat(n)}: a\r\n\r\nabc\r\n--b--\r\n`],
    ],
    [
      'a name',
      (n: number) => [
        'multipart/form-data; boundary=b',
        `--b\r\nContent-Disposition: form-data; name="file"; filename="${'x'.repeat(n)}.png"\r\n\r\nabc\r\n--b--\r\n`,
      ],
    ],
    ['a form without an end', (n: number) => ['multipart/form-data; boundary=b', 'x'.repeat(n)]],
  ])('a form with %s of any length is answered with 400', async (_, formOf) => {
    for (const length of [100, 300, 5000, 9000, 100_000, 3_000_000]) {
      const [type = '', body = ''] = formOf(length);
      // Node itself refuses heads of more than 16 KB.
      if (type.length > 10_000) continue;
      const answer = await anna.fetch('/api/inputs', { method: 'POST', headers: { 'content-type': type }, body });
      expect([length, answer.status]).toEqual([length, 400]);
      expect((await answer.text()).length).toBeLessThan(2000);
    }
    expect(product.wentWrong()).toEqual([]);
  });

  test('a batch holds twenty calls', async () => {
    const batch = (calls: number) =>
      anna.fetch(`/api/trpc/${Array.from({ length: calls }, () => 'session.me').join(',')}?batch=1&input={}`);
    expect((await batch(20)).status).toBe(200);
    expect((await batch(21)).status).toBe(400);
  });

  test.each([
    ['a call', 'trpc/session.login', 'application/json'],
    ['an upload', 'inputs', 'multipart/form-data; boundary=x'],
  ])('%s that stops arriving is given up', async (_, path, type) => {
    const socket = connect(Number(new URL(product.url).port), '127.0.0.1');
    const said: string[] = [];
    socket.on('data', (bytes) => said.push(bytes.toString()));
    const closed = once(socket, 'close');
    socket.write(
      `POST /api/${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${anna.cookie()}\r\nContent-Type: ${type}\r\nContent-Length: 100\r\n\r\n{`,
    );
    await closed;
    expect(product.wentWrong()).toEqual([]);
    expect(said.join('')).toMatch(/^HTTP\/1\.1 (408|400|404|405)/);
  });
});

describe('what one socket may say', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  const sockets: WebSocket[] = [];

  beforeAll(async () => {
    product = await productUnderTest({ fleet: null });
    anna = await product.participant('Anna');
  });
  afterAll(async () => {
    for (const socket of sockets) socket.terminate();
    await product.stop();
  });

  async function open(who: Visitor = anna) {
    const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/trpc`, {
      headers: { cookie: who.cookie() },
    });
    sockets.push(socket);
    const received: string[] = [];
    socket.on('message', (data) => received.push(String(data)));
    await once(socket, 'open');
    return { socket, received };
  }
  const subscription = (id: number, lastEventId?: string) => ({
    id,
    method: 'subscription',
    params: { path: 'jobs.onEvent', input: { lastEventId } },
  });
  const close = async (socket: WebSocket) => {
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  };

  test('seven thousand subscriptions in one message are refused in one answer', async () => {
    const { socket, received } = await open();
    socket.send(JSON.stringify(Array.from({ length: 2000 }, (_, id) => subscription(id, '0'))));
    await until('an answer', () => received.length > 0);
    expect(received.join()).toContain('One message can hold 20 calls, not 2000.');
    await close(socket);
  });

  test('twenty subscriptions are one socket’s share, and what ends makes room', async () => {
    const { socket, received } = await open();
    for (let id = 0; id < 21; id += 1) socket.send(JSON.stringify(subscription(id)));
    await until('a refusal', () => received.some((text) => text.includes('too_many_attempts')));
    await until('the others', () => received.filter((text) => text.includes('feed.ready')).length === 20);
    socket.send(JSON.stringify({ id: 3, method: 'subscription.stop' }));
    await until('its end', () => received.some((text) => text.includes('"stopped"') && text.includes('"id":3')));
    socket.send(JSON.stringify(subscription(30)));
    await until('room', () => received.filter((text) => text.includes('feed.ready')).length === 21);
    await close(socket);
  });

  test('a person has twenty sockets, and others have theirs', async () => {
    const mine = await Promise.all(Array.from({ length: SOCKET.perPerson }, () => open()));
    await expect(open()).rejects.toThrow('429');
    await open(product.operator);
    await close(mine[0]!.socket);
    await open();
    await Promise.all(mine.slice(1).map(({ socket }) => close(socket)));
  });

  test('who hangs up while they are let in, or refused, ends nothing else', async () => {
    const { hostname, port } = new URL(product.url);
    const hungUp = Array.from({ length: 60 }, async (_, n) => {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      const who = n % 2 === 0 ? anna.cookie() : 'comfyume_session=nobody';
      const head = `GET /api/trpc HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: ${who}\r\n\r\n`;
      await new Promise((done) => socket.write(head, done));
      const closed = once(socket, 'close');
      socket.resetAndDestroy();
      await closed;
    });
    await Promise.all(hungUp);
    expect((await product.operator.api.session.me.query())?.user.name).toBeDefined();
    expect(product.wentWrong()).toEqual([]);
  });

  test('a socket that does not stop talking is closed', async () => {
    const { socket } = await open(product.operator);
    const closed = once(socket, 'close');
    for (let n = 0; n < 500; n += 1) socket.send('{}');
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1008, 'more than 50 messages in a second']);
  });
});

describe('calls of one participant', () => {
  test('that read run one after another, and do not wait for one that changes something and hangs', async () => {
    let running = 0;
    let most = 0;
    const freed: (() => void)[] = [];
    const product = await productUnderTest({
      fleet: null,
      arrange: (deps) => ({
        ...deps,
        jobs: {
          ...deps.jobs,
          async list(query) {
            running += 1;
            most = Math.max(most, running);
            return deps.jobs.list(query).finally(() => {
              running -= 1;
            });
          },
        },
        diskSpace: {
          full: async () => {
            await new Promise<void>((resolve) => freed.push(resolve));
            return null;
          },
        },
      }),
    });
    const anna = await product.participant('Anna');
    const submitted = anna.api.jobs.submit.mutate({ prompt: picture() });
    await until('the submission to hang', () => freed.length === 1);
    const lists = Array.from({ length: 20 }, () => 'jobs.list').join(',');
    expect((await anna.fetch(`/api/trpc/${lists}?batch=1&input={}`)).status).toBe(200);
    expect(most).toBe(1);
    for (const free of freed) free();
    expect((await submitted).status).toBe('queued');
    await product.stop();
  });
});

describe('what a feed that was away is told again', () => {
  test('page by page, and all of it', async () => {
    const limits: number[] = [];
    const product = await productUnderTest({
      fleet: null,
      arrange: (deps) => ({
        ...deps,
        events: {
          ...deps.events,
          since: (query) => {
            limits.push(query.limit);
            return deps.events.since(query);
          },
        },
      }),
    });
    const anna = await product.participant('Anna');
    await Promise.all(Array.from({ length: 250 }, () => anna.api.jobs.submit.mutate({ prompt: picture() })));
    const feed = anna.listen('0');
    await until('all of them', () => feed.received.filter(({ data }) => data.type === 'job.updated').length === 250);
    expect(Math.max(...limits)).toBeLessThanOrEqual(100);
    expect(new Set(feed.received.map(({ id }) => id)).size).toBe(251);
    await feed.close();
    await product.stop();
  });
});
