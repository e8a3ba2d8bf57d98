import { allRefused, halfRefused, picture, unknownClass } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import { openHandStage } from './hand-stage.testing.ts';
import { type Seen, type Stage, tryFaults } from './stage.testing.ts';
import { ANSWERS } from './table.testing.ts';

type AnswerStage = Awaited<ReturnType<typeof openHandStage>>;

const run = async (stage: Stage, prompt: unknown = picture()): Promise<Seen> => ({
  told: await stage.ended(await stage.submit(prompt)),
});

/** The next POST is answered like this, once. */
const once =
  (kind: 'cutAfterAccept' | 'timeoutAfterAccept' | 'truncate' | 'html') =>
  async (stage: AnswerStage): Promise<Seen> => {
    await stage.faults({ requests: [{ kind, count: 1, only: 'prompt' }] });
    return run(stage);
  };
const answered =
  (status: 502 | 503 | 504) =>
  async (stage: AnswerStage): Promise<Seen> => {
    await stage.faults({ requests: [{ kind: 'answer', status, count: 1, only: 'prompt' }] });
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
    await until('the endpoint to rest', () => stage.logged('an endpoint rests').length > 0);
    await stage.faults({ refuseConnections: false });
    return { told: await stage.ended(id) };
  },

  async 'connections are refused for longer than the start budget'(stage) {
    await stage.settings({ startBudgetMs: 1000 });
    await stage.faults({ refuseConnections: true });
    const told = await stage.ended(await stage.submit(picture()));
    return { told, admin: await stage.endpoint('GPUs') };
  },

  async 'the endpoint refuses our key (404)'(stage) {
    stage.hand.say({ status: 404, text: 'Not Found' });
    await stage.only('By hand');
    const id = await stage.submit(picture());
    await until('the endpoint to rest', () => stage.logged('an endpoint rests').length > 0);
    await stage.only('GPUs');
    return { told: await stage.ended(id) };
  },

  async 'the answer is slow'(stage) {
    await stage.faults({ requests: [{ kind: 'delay', ms: 800, count: 1, only: 'prompt' }] });
    return run(stage);
  },

  'the worker refuses the workflow for a value': (stage) => run(stage, allRefused()),
  'the worker does not know a node': (stage) => run(stage, unknownClass()),
  'the worker refuses one of two outputs': (stage) => run(stage, halfRefused()),

  async 'the worker says that the workflow is too large (413)'(stage) {
    stage.hand.say({ status: 413, text: 'Request Entity Too Large' });
    await stage.only('By hand');
    return run(stage);
  },
});
