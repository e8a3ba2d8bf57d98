import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { rewriteGraph } from '#src/domain/workflow/rewrite.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { Answer } from '#src/ports/worker.ts';
import { type RunningFleet, startFleet } from '#src/simulator/start-fleet.ts';
import { random } from '../auth/random.ts';
import { createWorker } from './worker.ts';

const endpointAt = (url: string, more: Partial<Endpoint> = {}): Endpoint => ({
  id: 'e',
  name: 'gpu',
  url,
  gpu: '',
  pricing: 'spot',
  capacity: 1,
  enabled: true,
  apiKeyVariable: null,
  origin: 'operator',
  place: 0,
  pricePerHour: null,
  deployment: null,
  listening: 'auto',
  keepWarmUntil: null,
  warmWorkflowId: null,
  ...more,
});
const worker = createWorker((variable) => (variable === 'GPU_KEY' ? 'secret' : undefined));
const never = new AbortController().signal;

const picture = (more: Graph = {}): Graph => ({
  '1': { class_type: 'EmptyImage', inputs: { width: 16, height: 16, batch_size: 1, color: 7 } },
  '9': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'shot' } },
  ...more,
});
const badSize = { class_type: 'EmptyImage', inputs: { width: -5, height: 16, batch_size: 1, color: 0 } };
const fire = (endpoint: Endpoint, graph: Graph = picture(), signal = never, promptId = random.id()): Promise<Answer> =>
  worker.fire(endpoint, { promptId, prompt: graph, extraPnginfo: { comfyume_job: 'j' } }, signal);

describe('a worker that is as it should be', () => {
  let folder = '';
  let fleet: RunningFleet;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'comfyume-worker-'));
    fleet = await startFleet({
      outputs: join(folder, 'outputs'),
      inputs: join(folder, 'inputs'),
      pace: 0,
      replicas: 1,
      minReplicas: 1,
      apiKey: 'secret',
    });
  });
  afterAll(async () => {
    await fleet.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const endpoint = (): Endpoint => endpointAt(fleet.url, { apiKeyVariable: 'GPU_KEY' });
  const ended = async (promptId: string): Promise<string> => {
    const outcome = async () =>
      (await fleet.control.state()).replicas
        .flatMap(({ executed }) => executed)
        .find((one) => one.promptId === promptId)?.outcome;
    await expect.poll(outcome).toBeDefined();
    return (await outcome()) ?? '';
  };

  test('accepts, under our own id, and runs it', async () => {
    const promptId = random.id();
    const { prompt, plan } = rewriteGraph(picture(), promptId, { version: null }, 0);
    expect(await fire(endpoint(), prompt, never, promptId)).toEqual({
      type: 'accepted',
      httpStatus: 200,
      nodeErrors: {},
    });
    expect(await ended(promptId)).toBe('success');
    expect((await readdir(join(folder, 'outputs', plan.folder))).sort()).toEqual([
      '0',
      '_finished0_00001_.png',
      '_started_00001_.png',
    ]);
  });

  test('refuses with its own words and node errors', async () => {
    const answer = await fire(endpoint(), { '1': badSize, '9': picture()['9']! });
    expect(answer).toMatchObject({
      type: 'refused',
      httpStatus: 400,
      message: expect.stringContaining('Prompt outputs failed validation'),
      nodeErrors: { '1': { class_type: 'EmptyImage', dependent_outputs: ['9'] } },
    });
    expect(answer.type === 'refused' && answer.nodeErrors['1']?.errors[0]).toMatchObject({
      type: 'value_smaller_than_min',
      details: expect.stringContaining('width'),
    });
  });

  test('refuses an unknown class, which is its node’s error', async () => {
    const answer = await fire(endpoint(), { '1': { class_type: 'NoSuchNode', inputs: {} }, '9': picture()['9']! });
    expect(answer).toMatchObject({ type: 'refused', httpStatus: 400, message: expect.stringContaining('NoSuchNode') });
    expect(answer.type === 'refused' && answer.nodeErrors).toEqual({
      '1': {
        class_type: 'NoSuchNode',
        dependent_outputs: [],
        errors: [
          {
            type: 'invalid_prompt',
            message: 'Cannot execute because node NoSuchNode does not exist.',
            details: '',
            extra_info: {},
          },
        ],
      },
    });
  });

  test('accepts in part, and tells what it leaves out', async () => {
    const answer = await fire(
      endpoint(),
      picture({ '2': badSize, '8': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'bad' } } }),
    );
    expect(answer).toMatchObject({
      type: 'accepted',
      nodeErrors: { '2': { class_type: 'EmptyImage', dependent_outputs: ['8'] } },
    });
  });

  test('without the right key nothing was sent', async () => {
    expect(await fire(endpointAt(fleet.url))).toMatchObject({
      type: 'unreachable',
      message: expect.stringContaining('gpu answered 404 (not ComfyUI)'),
    });
  });

  test('stopping ends this very prompt, whether it runs or waits, and no other', async () => {
    await fleet.control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageInvert' }] });
    const held = picture({
      '1': { class_type: 'EmptyImage', inputs: { width: 17, height: 16, batch_size: 1, color: 8 } },
      '2': { class_type: 'ImageInvert', inputs: { image: ['1', 0] } },
      '9': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'held' } },
    });
    const [running, pending, other] = [random.id(), random.id(), random.id()];
    const withdrawn = [random.id(), random.id()];
    for (const id of [running, pending, ...withdrawn, other])
      expect(await fire(endpoint(), held, never, id)).toMatchObject({ type: 'accepted' });
    const replica = async () => (await fleet.control.state()).replicas.find(({ phase }) => phase === 'ready');
    await expect.poll(async () => (await replica())?.running).toBe(running);
    // A running one is left alone, and so is one that this replica does not have.
    await worker.withdraw(endpoint(), [...withdrawn, running, random.id()], never);
    await expect.poll(async () => (await replica())?.pending).toEqual([pending, other]);
    await worker.stop(endpoint(), { promptId: random.id(), interrupt: true }, never);
    await worker.stop(endpoint(), { promptId: pending, interrupt: true }, never);
    await expect.poll(async () => (await replica())?.pending).toEqual([other]);
    expect((await replica())?.running).toBe(running);
    await worker.stop(endpoint(), { promptId: running, interrupt: true }, never);
    expect(await ended(running)).toBe('interrupted');
    await fleet.control.setFaults({ nodes: [] });
    expect(await ended(other)).toBe('success');
    expect(
      (await fleet.control.state()).replicas
        .flatMap(({ executed }) => executed)
        .some(({ promptId }) => promptId === pending),
    ).toBe(false);
  });
});

describe('a worker that is not', () => {
  let server: Server;
  let url = '';
  let respond: (request: IncomingMessage, response: ServerResponse, body: string) => void = () => undefined;
  const listener: RequestListener = async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    respond(request, response, Buffer.concat(parts).toString());
  };
  const listening = async (made: NetServer): Promise<number> => {
    made.listen(0, '127.0.0.1');
    await once(made, 'listening');
    const address = made.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    return address.port;
  };
  beforeAll(async () => {
    server = createServer(listener);
    url = `http://127.0.0.1:${await listening(server)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const says = (status: number, type: string, body: string) => (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };
  const json = (status: number, body: unknown) => says(status, 'application/json', JSON.stringify(body));
  const gateway = (status: number) => says(status, 'text/html', `<html><h1>${status}</h1></html>`);
  const retry = (status: number, after: string) => (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { 'retry-after': after }).end();
  const GPU = 'The address of endpoint gpu';
  const fault = {
    type: 'value_smaller_than_min',
    message: 'Too small',
    details: 'width',
    extra_info: { input_name: 'width' },
  };

  test.each<[string, typeof respond, Partial<Answer>]>([
    [
      '200 as recorded',
      json(200, { prompt_id: 'p', number: 3, node_errors: {} }),
      { type: 'accepted', httpStatus: 200, nodeErrors: {} },
    ],
    [
      '200 with an empty list of errors',
      json(200, { prompt_id: 'p', number: 3, node_errors: [] }),
      { type: 'accepted', nodeErrors: {} },
    ],
    ['200 without errors', json(200, { prompt_id: 'p' }), { type: 'accepted', nodeErrors: {} }],
    [
      '200 with errors in a shape of their own',
      json(200, {
        prompt_id: 'p',
        node_errors: { '4': { errors: [{ message: 'odd', details: 5 }], dependent_outputs: ['9'] } },
      }),
      {
        type: 'accepted',
        nodeErrors: {
          '4': {
            class_type: '',
            dependent_outputs: ['9'],
            errors: [{ type: 'unknown', message: 'odd', details: '5', extra_info: {} }],
          },
        },
      },
    ],
    [
      '400 with node errors',
      json(400, {
        error: { type: 'x', message: 'No.', details: 'why', extra_info: {} },
        node_errors: { '1': { class_type: 'A', dependent_outputs: [], errors: [fault] } },
      }),
      {
        type: 'refused',
        httpStatus: 400,
        message: 'No.: why',
        nodeErrors: { '1': { class_type: 'A', dependent_outputs: [], errors: [fault] } },
      },
    ],
    [
      '400 with an error in one word',
      json(400, { error: 'no prompt', node_errors: [] }),
      { type: 'refused', message: 'no prompt', nodeErrors: {} },
    ],
    [
      '400 of somebody else',
      says(400, 'text/html', '<h1>Bad Request</h1>'),
      { type: 'unreachable', httpStatus: 400, message: `${GPU} answered 400 (not ComfyUI): Bad Request` },
    ],
    ['400 of somebody else in JSON', json(400, { error: 'no route' }), { type: 'unreachable', httpStatus: 400 }],
    [
      '401',
      says(401, 'text/plain', 'who are you'),
      { type: 'unreachable', httpStatus: 401, message: `${GPU} answered 401 (not ComfyUI): who are you` },
    ],
    [
      '404',
      says(404, 'text/plain', 'no such deployment'),
      { type: 'unreachable', message: `${GPU} answered 404 (not ComfyUI): no such deployment` },
    ],
    ['404 with a page', gateway(404), { type: 'unreachable', message: `${GPU} answered 404 (not ComfyUI): 404` }],
    ['403 without a word', says(403, 'text/html', ''), { message: `${GPU} answered 403 (not ComfyUI).` }],
    [
      '413 of ComfyUI',
      says(413, 'text/plain', 'Maximum request body size 104857600 exceeded, actual body size 104857601'),
      { type: 'refused', httpStatus: 413, message: 'The workflow is too large for the worker.' },
    ],
    [
      '413 of a proxy',
      gateway(413),
      { type: 'refused', httpStatus: 413, message: expect.stringContaining('too large for the proxy') },
    ],
    ['429', gateway(429), { type: 'busy', httpStatus: 429, retryAfter: null }],
    ['429 with a time', retry(429, '7'), { type: 'busy', httpStatus: 429, retryAfter: '7' }],
    [
      '503 with a date',
      retry(503, 'Mon, 23 Nov 2026 10:00:00 GMT'),
      { type: 'busy', httpStatus: 503, retryAfter: 'Mon, 23 Nov 2026 10:00:00 GMT' },
    ],
    ['502 with a time', retry(502, '7'), { type: 'unknown', httpStatus: 502 }],
    [
      '500 in text',
      says(500, 'text/plain; charset=utf-8', '500 Internal Server Error\n\nServer got itself in trouble'),
      { type: 'unknown', httpStatus: 500, message: `${GPU} answered 500: 500 Internal Server Error` },
    ],
    [
      '502 in HTML',
      gateway(502),
      { type: 'unknown', httpStatus: 502, message: `${GPU} answered 502 (not ComfyUI): 502` },
    ],
    ['503', gateway(503), { type: 'unknown', httpStatus: 503 }],
    ['504', json(504, { error: 'inference request was canceled' }), { type: 'unknown', httpStatus: 504 }],
    [
      '200 with a page',
      says(200, 'text/html', '<!doctype html><p>It works.</p>'),
      { type: 'unknown', httpStatus: 200, message: `${GPU} answered 200 (not ComfyUI): It works.` },
    ],
    [
      '200 with broken JSON',
      says(200, 'application/json', '{"prompt_id": "p", "num'),
      { type: 'unknown', httpStatus: 200 },
    ],
    ['200 with nothing', says(200, 'application/json', ''), { type: 'unknown', httpStatus: 200 }],
    ['200 with other JSON', json(200, { ok: true }), { type: 'unknown', httpStatus: 200 }],
    [
      '202, which ComfyUI never says',
      json(202, { prompt_id: 'p', node_errors: {} }),
      { type: 'unknown', httpStatus: 202 },
    ],
    [
      'a redirect',
      (_, response) => response.writeHead(307, { location: `${url}/elsewhere?token=secret` }).end(),
      {
        type: 'unreachable',
        httpStatus: 307,
        message: expect.stringMatching(/ answered 307 \(not ComfyUI\): it redirects to http:\S+\/elsewhere$/),
      },
    ],
    ['cut after the request was read', (request) => request.socket.destroy(), { type: 'unknown', httpStatus: null }],
    [
      'cut in the middle of the answer',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
        response.write('{"prompt_id":', () => request.socket.destroy());
      },
      { type: 'unknown', httpStatus: 200 },
    ],
    [
      'an answer without end',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = (): void => {
          if (!response.destroyed) response.write('x'.repeat(100_000), more);
        };
        more();
      },
      { type: 'unknown', httpStatus: 200, message: 'gpu: The response is too long.' },
    ],
    ['no HTTP at all', (request) => request.socket.end('hello\r\n\r\n'), { type: 'unknown', httpStatus: null }],
  ])('%s', async (_, answer, expected) => {
    respond = answer;
    expect(await fire(endpointAt(url))).toMatchObject(expected);
  });

  test('what is sent: the key, our id, the graph, and what goes into the files', async () => {
    let seen: unknown;
    respond = (request, response, body) => {
      seen = {
        method: request.method,
        url: request.url,
        key: request.headers.authorization,
        type: request.headers['content-type'],
        body: JSON.parse(body),
      };
      json(200, { prompt_id: 'p', node_errors: {} })(request, response);
    };
    const prompt = picture();
    await worker.fire(
      endpointAt(`${url}/comfy//`, { apiKeyVariable: 'GPU_KEY' }),
      { promptId: 'id', prompt, extraPnginfo: { workflow: { nodes: [] }, comfyume_job: 'j' } },
      never,
    );
    expect(seen).toEqual({
      method: 'POST',
      url: '/comfy/prompt',
      key: 'Bearer secret',
      type: 'application/json',
      body: {
        prompt_id: 'id',
        prompt,
        extra_data: { extra_pnginfo: { workflow: { nodes: [] }, comfyume_job: 'j' } },
        client_id: 'e',
      },
    });
    await fire(endpointAt(url, { listening: 'off' }));
    expect(seen).not.toHaveProperty('body.client_id');
    await fire(endpointAt(url, { apiKeyVariable: 'NOT_SET' }));
    expect(seen).toMatchObject({ url: '/prompt' });
    expect(seen).not.toHaveProperty('key', expect.anything());
  });

  test('slow: it waits, and an abort makes it unknown at once', async () => {
    const held: ServerResponse[] = [];
    respond = (_, response) => void held.push(response);
    const abort = new AbortController();
    const given = [fire(endpointAt(url), picture(), abort.signal), fire(endpointAt(url))];
    await expect.poll(() => held.length).toBe(2);
    abort.abort();
    expect(await given[0]).toMatchObject({ type: 'unknown', httpStatus: null });
    for (const response of held) response.end('{"prompt_id": "p", "node_errors": {}}');
    expect(await given[1]).toMatchObject({ type: 'accepted' });
  });

  test('a refused connection, a name that is none, an address that is none: surely not sent', async () => {
    const gone = createTcpServer();
    const port = await listening(gone);
    gone.close();
    await once(gone, 'close');
    for (const address of [`http://127.0.0.1:${port}`, 'http://no-such-host.invalid', 'http://[::1']) {
      expect(await fire(endpointAt(address)), address).toMatchObject({
        type: 'unreachable',
        message: expect.stringMatching(/^gpu cannot be reached: /),
      });
    }
  });

  test.each([true, false])('stopping names the prompt, whatever is answered; interrupt: %s', async (interrupt) => {
    const asked: unknown[] = [];
    for (const [answer, refusal] of [
      [says(200, 'text/plain', ''), null],
      [gateway(502), '/queue: The address of endpoint gpu answered 502 (not ComfyUI): 502'],
      [
        (_: IncomingMessage, response: ServerResponse) => response.writeHead(302, { location: '/login' }).end(),
        '/queue: The address of endpoint gpu answered 302 (not ComfyUI): it redirects to /login',
      ],
    ] as const) {
      respond = (request, response, body) => {
        asked.push([request.url, JSON.parse(body)]);
        answer(request, response);
      };
      asked.length = 0;
      const stopped = worker.stop(endpointAt(url), { promptId: 'the-id', interrupt }, never);
      if (refusal === null) await stopped;
      else await expect(stopped).rejects.toThrow(refusal);
      expect(asked).toEqual([
        ['/queue', { delete: ['the-id'] }],
        ...(interrupt ? [['/interrupt', { prompt_id: 'the-id' }]] : []),
      ]);
    }
  });
});
