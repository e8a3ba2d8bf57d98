import { expect } from 'vitest';
import { phaseWords } from '#src/domain/messages/phase-words.ts';
import { allRefused, halfRefused, picture, unknownClass } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import { openHandStage } from './hand-stage.testing.ts';
import { pictureOf } from './hand-worker.testing.ts';
import { type FaultSeen, type FaultStage, tryFaults } from './stage.testing.ts';
import { ANSWERS } from './table.testing.ts';

type AnswerStage = Awaited<ReturnType<typeof openHandStage>>;

const run = async (stage: FaultStage, prompt: unknown = picture()): Promise<FaultSeen> => ({
  told: await stage.ended(await stage.submit(prompt)),
});

/** The next POST is answered like this, once. */
const once =
  (kind: 'cutAfterAccept' | 'timeoutAfterAccept' | 'truncate' | 'html') =>
  async (stage: AnswerStage): Promise<FaultSeen> => {
    await stage.faults({ requests: [{ kind, count: 1, only: 'prompt' }] });
    return run(stage);
  };
const answered =
  (status: 502 | 503 | 504) =>
  async (stage: AnswerStage): Promise<FaultSeen> => {
    await stage.faults({ requests: [{ kind: 'answer', status, count: 1, only: 'prompt' }] });
    return run(stage);
  };

const BUSY = { text: 'Too many requests', headers: { 'retry-after': '1' } };

/** One endpoint answers like this, then another one takes over. */
const elsewhere =
  (said: Parameters<AnswerStage['hand']['say']>[0]) =>
  async (stage: AnswerStage): Promise<FaultSeen> => {
    stage.hand.say(said);
    await stage.only('By hand');
    const id = await stage.submit(picture());
    await until('the endpoint to rest', () => stage.logged('circuit breaker opened').length > 0);
    await stage.only('GPUs');
    return { told: await stage.ended(id) };
  };
const tooLarge =
  (text: string) =>
  async (stage: AnswerStage): Promise<FaultSeen> => {
    stage.hand.say({ status: 413, text });
    await stage.only('By hand');
    return run(stage);
  };

tryFaults(ANSWERS, openHandStage, {
  'the endpoint answers 502 and hands nothing on': answered(502),
  'the endpoint answers 503 and hands nothing on': answered(503),
  'the endpoint answers 504 and hands nothing on': answered(504),
  'a replica takes the job, the endpoint answers 504 all the same': once('timeoutAfterAccept'),
  'a replica takes the job, and the connection is cut before the answer': once('cutAfterAccept'),
  'the answer is cut in the middle': once('truncate'),
  'a page of HTML with status 200': once('html'),

  async 'connections are refused for a while'(stage) {
    await stage.faults({ refuseConnections: true });
    const id = await stage.submit(picture());
    await until('the endpoint to rest', () => stage.logged('circuit breaker opened').length > 0);
    await stage.faults({ refuseConnections: false });
    return { told: await stage.ended(id) };
  },

  async 'connections are refused for longer than the start timeout'(stage) {
    await stage.settings({ startBudgetMs: 1000 });
    await stage.faults({ refuseConnections: true });
    const told = await stage.ended(await stage.submit(picture()));
    return { told, admin: await stage.endpoint('GPUs') };
  },

  'the endpoint refuses our key (404)': elsewhere({ status: 404, text: 'Not Found' }),
  'a proxy answers 400 with a page': elsewhere({
    status: 400,
    text: '<html>\n<head><title>400 Bad Request</title></head>\n<body>nginx</body>\n</html>',
  }),
  'a gateway redirects to a page for signing in': elsewhere({
    status: 302,
    text: '',
    headers: { location: '/login?next=%2Fprompt' },
  }),

  async 'the endpoint is busy twice (429 with Retry-After): no attempt is used'(stage) {
    // Until it was seen, however often that is: on a busy machine a second passes between two looks.
    stage.hand.say({ ...BUSY, status: 429 });
    await stage.only('By hand');
    const id = await stage.submit(picture());
    const admin = await until('the endpoint to be busy', async () => {
      const endpoint = await stage.endpoint('By hand');
      return endpoint.busyUntil !== null && endpoint;
    });
    const waiting = await until('the job to wait again', async () => {
      const job = await stage.job(id);
      return job.busyUntil !== null && job.position !== null && job;
    });
    expect(waiting).toMatchObject({ status: 'queued', phase: 'waiting', position: 1, attempts: 0, lastLoss: null });
    const soon = Date.parse(waiting.busyUntil ?? '') - 1000;
    expect(phaseWords(waiting, soon).aside).toBe('The GPUs are busy; starts in about 1 s');
    const requeued = () => stage.logged('endpoint busy, job requeued').length;
    await until('two requests that were refused', () => requeued() >= 2);
    stage.hand.say(null);
    const work = await stage.hand.take(id);
    await work.start();
    await work.write('0/shot_00001_.png', await pictureOf(id));
    await work.finish();
    const told = await stage.ended(id);
    expect(stage.logged('circuit breaker opened')).toEqual([]);
    const { attempts } = await stage.admin.queue.story.query({ id });
    expect(attempts).toMatchObject([{ id: work.attemptId, number: 1, outcome: 'completed' }]);
    return { told, admin };
  },

  async 'the endpoint is busy (503 with Retry-After), another one has room'(stage) {
    stage.hand.say({ ...BUSY, status: 503 });
    await stage.only('By hand');
    const id = await stage.submit(picture());
    const admin = await until('the endpoint to be busy', async () => {
      const endpoint = await stage.endpoint('By hand');
      return endpoint.busyUntil !== null && endpoint;
    });
    await stage.only('By hand', 'GPUs');
    const bystander = await stage.submit(picture(), stage.ben);
    expect(await stage.ended(bystander)).toMatchObject({ status: 'completed', attempts: 1 });
    return { told: await stage.ended(id), admin };
  },

  async 'the answer is slow'(stage) {
    await stage.faults({ requests: [{ kind: 'delay', ms: 800, count: 1, only: 'prompt' }] });
    return run(stage);
  },

  'the worker refuses the workflow for a value': (stage) => run(stage, allRefused()),
  'the worker does not know a node': (stage) => run(stage, unknownClass()),
  'the worker refuses one of two outputs': (stage) => run(stage, halfRefused()),

  'the worker says that the workflow is too large (413)': tooLarge(
    'Maximum request body size 104857600 exceeded, actual body size 104857601',
  ),
  'a proxy says that the workflow is too large (413)': tooLarge('<h1>413 Request Entity Too Large</h1>'),
});
