import { once } from 'node:events';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { z } from 'zod';
import { createPasswords } from '#src/adapters/auth/passwords.ts';
import { fixture } from '#src/domain/formats/judging.testing.ts';
import { TIMINGS } from '../../timings.ts';
import { picture } from '../testing/graphs.ts';
import { type Refusal, refusal, type Visitor } from '../testing/visitor.ts';
import { openStage, tryFaults } from './stage.testing.ts';
import { BOUNDS } from './table.testing.ts';

const refused = z.object({
  error: z.object({ message: z.string(), data: z.object({ appError: z.string() }) }),
});
const range = (length: number): number[] => Array.from({ length }, (_, n) => n);
const PNG = new Uint8Array(fixture('image_00001'));

async function told(answer: Promise<Response>): Promise<{ told: Refusal }> {
  const response = await answer;
  // A batch is refused call by call.
  const [no] = z.array(refused).parse([await response.json()].flat());
  if (!no) throw new Error('There is no refusal.');
  const { error } = no;
  const { appError } = error.data;
  return {
    told: {
      status: response.status,
      appError,
      message: error.message,
      code: '',
      nodeErrors: null,
      retryAfterSeconds: null,
    },
  };
}

const post = (who: Visitor, path: string, body: string, type = 'application/json') =>
  who.fetch(`/api/${path}`, { method: 'POST', headers: { 'content-type': type }, body });

const big = (bytes: number) => ({ ...picture(), 99: { class_type: 'Note', inputs: { text: 'x'.repeat(bytes) } } });

function mesh(nodes: number, links: number, saves: number): object {
  const linked = (n: number) => Object.fromEntries(range(links).map((k) => [`in${k}`, [`${n - 1 - (k % n)}`, 0]]));
  return Object.fromEntries([
    ['0', { class_type: 'EmptyImage', inputs: {} }],
    ...range(nodes).map((n) => [`${n + 1}`, { class_type: 'Mix', inputs: linked(n + 1) }]),
    ...range(saves).map((n) => [
      `s${n}`,
      { class_type: 'SaveImage', inputs: { images: [`${nodes - (n % 100)}`, 0], filename_prefix: 'a' } },
    ]),
  ]);
}

const open = () =>
  openStage({
    fleet: null,
    arrange: (deps) => ({ ...deps, timings: { ...TIMINGS, stalledMs: 300 }, passwords: createPasswords(1) }),
  }).then((stage) => ({
    ...stage,
    reset: async () => {
      await stage.reset();
      await stage.settings({ jobsPerMinute: 600, databaseBytesPerParticipant: 2e9, inputBytesPerParticipant: 5e10 });
    },
  }));
type Stage = Awaited<ReturnType<typeof open>>;

async function answerOf(request: ClientRequest): Promise<Response> {
  const [response] = await once(request, 'response');
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return new Response(Buffer.concat(pieces), { status: response.statusCode });
}

/** Requests of Anna's that say more than they send. */
function halves({ product, anna }: Stage, path: string, type: string, count: number, begin = '{') {
  return range(count).map(() => {
    const request = httpRequest(`${product.url}/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': type, 'content-length': 5_000_000, cookie: anna.cookie() },
    });
    request.on('error', () => undefined);
    request.write(begin);
    return answerOf(request);
  });
}
const the = async (status: number, answers: readonly Promise<Response>[]): Promise<Response> => {
  const all = await Promise.all(answers);
  const found = all.find((answer) => answer.status === status);
  if (!found) throw new Error(`No answer was ${status}, but ${all.map((answer) => answer.status).join(', ')}.`);
  return found;
};

tryFaults(BOUNDS, open, {
  'a stranger signs in with 16 MB of brackets': ({ product }) =>
    told(post(product.visitor(), 'trpc/session.login', '['.repeat(16e6))),
  'a stranger submits 9 MB of brackets': ({ product }) =>
    told(post(product.visitor(), 'trpc/jobs.submit', '['.repeat(9e6))),
  'a call that needs little is sent 300 KB': ({ anna }) => told(post(anna, 'trpc/jobs.cancel', ' '.repeat(300_000))),
  'a workflow of more than 10 MB is submitted': ({ anna }) => told(post(anna, 'trpc/jobs.submit', ' '.repeat(11e6))),
  'a workflow of nothing but brackets is submitted': ({ anna }) =>
    told(post(anna, 'trpc/jobs.submit', '['.repeat(9e6))),
  'a workflow of four million numbers is submitted': ({ anna }) =>
    told(post(anna, 'trpc/jobs.submit', `{"prompt":[${'0,'.repeat(4e6)}0]}`)),
  'a workflow has 600 nodes with 50 links each': async ({ anna }) => ({
    told: await refusal(anna.api.jobs.submit.mutate({ prompt: mesh(600, 50, 0) })),
  }),
  'a workflow has 600 nodes with 500 links each': async ({ anna }) => ({
    told: await refusal(anna.api.jobs.submit.mutate({ prompt: mesh(600, 500, 0) })),
  }),
  async 'a workflow with 2,000 save nodes behind all its links is submitted'(stage) {
    return { told: await stage.job(await stage.submit(mesh(600, 38, 2000))) };
  },
  'a workflow names 1,500 different files': async ({ anna }) => ({
    told: await refusal(
      anna.api.jobs.submit.mutate({
        prompt: {
          ...picture(),
          ...Object.fromEntries(
            range(1500).map((n) => [`l${n}`, { class_type: 'LoadImage', inputs: { image: `class/${n}.png` } }]),
          ),
        },
      }),
    ),
  }),
  'one request holds 21 calls': ({ anna }) =>
    told(
      anna.fetch(
        `/api/trpc/${range(21)
          .map(() => 'session.me')
          .join(',')}?batch=1&input={}`,
      ),
    ),
  'a third large request comes while two of the same person arrive': (stage) =>
    told(the(429, halves(stage, 'trpc/jobs.submit', 'application/json', 3))),
  'a request stops arriving': (stage) => told(the(408, halves(stage, 'trpc/jobs.submit', 'application/json', 1))),
  'a request arrives one byte at a time': ({ product, anna }) => {
    const request = httpRequest(`${product.url}/api/trpc/jobs.submit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 200_000, cookie: anna.cookie() },
    });
    request.on('error', () => undefined);
    request.write('{');
    const trickle = setInterval(() => request.write(' '), 20);
    return told(answerOf(request).finally(() => clearInterval(trickle)));
  },
  'a form has a head that no browser sends': ({ anna }) =>
    told(post(anna, 'inputs', 'x', `multipart/form-data; boundary=${'b'.repeat(9000)}`)),
  'more people sign in at once than can be checked': ({ product }) =>
    told(
      the(
        429,
        range(190).map((n) =>
          post(product.visitor(), 'trpc/session.login', JSON.stringify({ name: `nobody ${n}`, password: 'x' })),
        ),
      ),
    ),
  async 'a participant hands in more jobs in a minute than they may'(stage) {
    const cara = await stage.product.participant('Cara');
    await stage.settings({ jobsPerMinute: 2 });
    for (const _ of range(2)) await stage.submit(picture(), cara);
    return { told: await refusal(stage.submit(picture(), cara)) };
  },
  async 'a participant’s workflows take more of the database than they may'(stage) {
    const dora = await stage.product.participant('Dora');
    await stage.settings({ databaseBytesPerParticipant: 1_000_000 });
    await stage.submit(big(800_000), dora);
    return { told: await refusal(stage.submit(big(800_000), dora)) };
  },
  async 'a participant uploads more than they may have'(stage) {
    const emma = await stage.product.participant('Emma');
    await stage.settings({ inputBytesPerParticipant: 2_000_000 });
    const upload = (name: string) => {
      const form = new FormData();
      form.set('file', new Blob([PNG, name.repeat(800_000)]), `${name}.png`);
      return emma.fetch('/api/inputs', { method: 'POST', body: form });
    };
    for (const name of ['a', 'b']) await (await upload(name)).text();
    return told(upload('c'));
  },
  'a seventh file is uploaded while six arrive': (stage) =>
    told(the(429, halves(stage, 'inputs', 'multipart/form-data; boundary=b', 7, '--b'))),
  async 'a 21st token is made'({ ben }) {
    for (const n of range(20)) await ben.api.session.createToken.mutate({ name: `${n}` });
    return { told: await refusal(ben.api.session.createToken.mutate({ name: 'one more' })) };
  },
});
