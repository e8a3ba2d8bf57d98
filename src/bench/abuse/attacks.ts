import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';

export type Target = { readonly url: string; readonly token: string };
/** Does its worst until the signal, and tells of each answer. */
export type Attack = (target: Target, signal: AbortSignal, answered: (status: number) => void) => Promise<void>;

const MB = 1_000_000;
const range = (length: number): number[] => Array.from({ length }, (_, n) => n);

/** So many at a time, again and again. */
const again =
  (atATime: number, once: (target: Target, n: number) => Promise<Response>): Attack =>
  async (target, signal, answered) => {
    let n = 0;
    const one = async (): Promise<void> => {
      while (!signal.aborted) {
        const answer = await once(target, n++).catch(() => null);
        answered(answer?.status ?? 0);
        await answer?.arrayBuffer().catch(() => null);
        // A connection that was cut is no reason to stop, but one to breathe.
        if (!answer) await sleep(20);
      }
    };
    await Promise.all(range(atATime).map(one));
  };

const post = ({ url }: Target, path: string, body: string | FormData, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/${path}`, {
    method: 'POST',
    body,
    headers: { ...(typeof body === 'string' && { 'content-type': 'application/json' }), ...headers },
  });
const own = ({ token }: Target): Record<string, string> => ({ authorization: `Bearer ${token}` });
const submit = (atATime: number, body: string): Attack =>
  again(atATime, (target) => post(target, 'trpc/jobs.submit', body, own(target)));

const save = { class_type: 'SaveImage', inputs: { images: ['0', 0], filename_prefix: 'a' } };
const source = { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 0 } };

/** As many nodes and links as a graph may have, and 2,000 save nodes behind all of them. */
function mesh(): object {
  const links = (n: number) => Object.fromEntries(range(38).map((k) => [`in${k}`, [`${Math.max(0, n - 1 - k)}`, 0]]));
  return Object.fromEntries([
    ['0', source],
    ...range(600).map((n) => [`${n + 1}`, { class_type: 'Mix', inputs: links(n + 1) }]),
    ...range(2000).map((n) => [
      `s${n}`,
      { class_type: 'SaveImage', inputs: { ...save.inputs, images: [`${600 - (n % 7)}`, 0] } },
    ]),
  ]);
}
const withText = (text: unknown): string =>
  JSON.stringify({ prompt: { 0: source, 1: save, 2: { class_type: 'Note', inputs: { text } } } });

const receipt = z.object({ result: z.object({ data: z.object({ id: z.string() }) }) });
/** Versions of one job, so many in a request. */
const vary =
  (atATime: number, prompt: object, count: number): Attack =>
  async (target, signal, answered) => {
    const first = await post(target, 'trpc/jobs.submit', JSON.stringify({ prompt }), own(target));
    const { id } = receipt.parse(await first.json()).result.data;
    const body = JSON.stringify({ id, changes: [], newSeeds: true, count });
    await again(atATime, () => post(target, 'trpc/jobs.vary', body, own(target)))(target, signal, answered);
  };
/** As many inputs as a workflow may have. */
const wide = {
  0: source,
  1: save,
  ...Object.fromEntries(
    range(49).map((k) => [
      `${k + 2}`,
      { class_type: 'KSampler', inputs: Object.fromEntries(range(1000).map((n) => [`seed${n}`, n])) },
    ]),
  ),
};

/** Nodes that load assets which nobody has. */
const loading = (count: number, n: number): object =>
  Object.fromEntries(
    range(count).map((k) => [
      `${k + 2}`,
      { class_type: 'LoadImage', inputs: { image: { __type: 'core/ASSET', info: { id: `${n} ${k}` } } } },
    ]),
  );

const open = ({ url, token }: Target): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/trpc`, {
      headers: { authorization: `Bearer ${token}` },
    });
    socket.on('error', reject);
    socket.once('open', () => resolve(socket));
  });
const subscription = (id: number) => ({
  id,
  method: 'subscription',
  params: { path: 'jobs.onEvent', input: { lastEventId: '0' } },
});

/** Opens sockets as long as there are any, and says `words` on each. */
const sockets =
  (atATime: number, words: (socket: WebSocket) => void): Attack =>
  async (target, signal, answered) => {
    const one = async (): Promise<void> => {
      while (!signal.aborted) {
        const socket = await open(target).catch(() => null);
        if (!socket) {
          answered(429);
          await sleep(50);
          continue;
        }
        socket.on('message', () => answered(200));
        words(socket);
        await sleep(500);
        socket.terminate();
      }
    };
    await Promise.all(range(atATime).map(one));
  };

export const ATTACKS: Readonly<Record<string, Attack>> = {
  'nobody attacks': async (_, signal) => {
    while (!signal.aborted) await sleep(50);
  },
  'a stranger: sign-in with 16 MB of brackets, 4 at a time': again(4, (target) =>
    post(target, 'trpc/session.login', '['.repeat(16 * MB)),
  ),
  'a stranger: 50 guesses at a time from many addresses': again(50, (target, n) =>
    post(target, 'trpc/session.login', JSON.stringify({ name: `nobody ${n}`, password: 'x' }), {
      'x-forwarded-for': `10.0.${(n >> 8) & 255}.${n & 255}`,
    }),
  ),
  'a stranger: 300 bodies that do not arrive': async (target, signal) => {
    const { hostname, port } = new URL(target.url);
    const open = range(300).map(() => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write('POST /api/trpc/session.login HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n{');
      return socket;
    });
    while (!signal.aborted) await sleep(50);
    for (const socket of open) socket.destroy();
  },
  'a stranger: sockets that hang up while they open': async (target, signal) => {
    const { hostname, port } = new URL(target.url);
    const head = `GET /api/trpc HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    while (!signal.aborted) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(head, () => socket.resetAndDestroy());
      await sleep(5);
    }
  },
  '9 MB of brackets, 4 at a time': submit(4, '['.repeat(9 * MB)),
  'four million numbers, 4 at a time': submit(4, `{"prompt":[${'0,'.repeat(4 * MB)}0]}`),
  'a graph of 8 MB, 2 at a time': submit(2, withText('x'.repeat(8 * MB))),
  'a graph of 900,000 values, 2 at a time': submit(2, withText(range(400_000).map(() => [1]))),
  '600 nodes, all links, 2,000 save nodes, 2 at a time': submit(2, JSON.stringify({ prompt: mesh() })),
  '49,000 inputs, 2 at a time': submit(2, JSON.stringify({ prompt: wide })),
  'eight versions of 49,000 inputs, 2 at a time': vary(2, wide, 8),
  '2,000 subscriptions in a message': sockets(5, (socket) =>
    socket.send(JSON.stringify(range(2000).map(subscription))),
  ),
  '20 sockets with 20 subscriptions from the first event on': sockets(20, (socket) => {
    for (const id of range(20)) socket.send(JSON.stringify(subscription(id)));
  }),
  '1,000 messages in a second on each of 20 sockets': sockets(20, (socket) => {
    for (const _ of range(1000)) socket.send('{}');
  }),
  'the list of 200 jobs of which each failed with 2 MB of errors, 4 at a time': again(4, (target) =>
    fetch(`${target.url}/api/trpc/jobs.list?input=${encodeURIComponent('{"limit":200}')}`, { headers: own(target) }),
  ),
  'the list of 100 such jobs of the API v2, 4 at a time': again(4, (target) =>
    fetch(`${target.url}/api/v2/jobs?limit=100`, { headers: own(target) }),
  ),
  'batches of 20 such lists': again(1, (target) =>
    fetch(
      `${target.url}/api/trpc/${range(20)
        .map(() => 'jobs.list')
        .join(
          ',',
        )}?batch=1&input=${encodeURIComponent(JSON.stringify(Object.fromEntries(range(20).map((n) => [n, { limit: 200 }]))))}`,
      { headers: own(target) },
    ),
  ),
  '1,000 assets in a graph, 4 at a time': again(4, (target, n) =>
    post(target, 'v2/jobs', JSON.stringify({ workflow: { 0: source, 1: save, ...loading(1000, n) } }), own(target)),
  ),
  'jobs as fast as they are taken, 20 at a time': submit(20, JSON.stringify({ prompt: { 0: source, 1: save } })),
  'forms with heads of 5 MB, 4 at a time': again(4, (target) =>
    post(target, 'inputs', `--b\r\n${'X'.repeat(5 * MB)}`, {
      ...own(target),
      'content-type': 'multipart/form-data; boundary=b',
    }),
  ),
  'uploads of 50 MB, 8 at a time': again(8, (target) => {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(50 * MB)]), 'a.png');
    return post(target, 'inputs', form, own(target));
  }),
  'selections of 10,000 results, 4 at a time': again(4, (target) =>
    post(
      target,
      'trpc/results.mark',
      JSON.stringify({
        rating: 1,
        ids: range(10_000).map((n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
      }),
      own(target),
    ),
  ),
};
