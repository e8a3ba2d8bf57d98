import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { refusal } from '../testing/visitor.ts';

let product: ProductUnderTest;
let anna: TestPerson;
const admin = () => product.operator.api.admin;
const told = () => anna.api.announcement.get.query();
const paused = async () => (await anna.api.jobs.line.query()).paused;

beforeAll(async () => {
  product = await productUnderTest({ fleet: { replicas: 1 } });
  anna = await product.participant('Anna');
});
beforeEach(async () => {
  await admin().announcement.clear.mutate();
  await admin().queue.resume.mutate();
});
afterAll(() => product.stop());

test('everybody is told at once, and that it is over too', async () => {
  expect(await told()).toBeNull();
  const feed = anna.listen();
  await feed.ready;
  await admin().announcement.set.mutate({ text: ' Lunch is ready ' });
  await until('the notice', () => feed.received.some(({ data }) => data.type === 'announcement.changed'));
  await feed.close();
  expect(await told()).toEqual({
    text: 'Lunch is ready',
    until: null,
    countdown: false,
    eyesOnMe: false,
    workflow: null,
  });
  await admin().announcement.clear.mutate();
  expect(await told()).toBeNull();
  expect((await admin().announcement.recent.query())[0]).toBe('Lunch is ready');
});

test('please look up: nothing is sent meanwhile, and it goes on afterwards', async () => {
  await admin().announcement.set.mutate({ eyesOnMe: true });
  expect(await paused()).toBe(true);
  const { id } = await anna.api.jobs.submit.mutate({ prompt: picture() });
  await admin().announcement.set.mutate({ text: 'And now?', eyesOnMe: true });
  expect((await anna.api.jobs.get.query({ id })).status).toBe('queued');
  await admin().announcement.set.mutate({ text: 'Thank you' });
  expect(await paused()).toBe(false);
  await until('the job is done', async () => (await anna.api.jobs.get.query({ id })).status === 'completed');
});

test.each([
  ['was paused before', async () => void (await admin().queue.pause.mutate()), async () => undefined],
  [
    'was paused again by hand',
    async () => undefined,
    async () => {
      await admin().queue.resume.mutate();
      await admin().queue.pause.mutate();
    },
  ],
])('what %s stays paused', async (_, before, meanwhile) => {
  await before();
  await admin().announcement.set.mutate({ eyesOnMe: true });
  await meanwhile();
  await admin().announcement.clear.mutate();
  expect(await paused()).toBe(true);
});

test('it ends by itself when its time is up, and a restart in between changes nothing', async () => {
  const end = new Date(Date.now() + 1500).toISOString();
  await admin().announcement.set.mutate({ text: 'Break', until: end, countdown: true, eyesOnMe: true });
  expect(await told()).toMatchObject({ text: 'Break', until: end, countdown: true, eyesOnMe: true });
  await product.pause();
  await product.resume();
  expect(await paused()).toBe(true);
  await until('it is over', async () => !(await paused()));
  expect(await told()).toBeNull();
  const [ended] = (await admin().events.list.query({ words: 'announcement.ended' })).items;
  expect(ended).toMatchObject({ actor: null, detail: { text: 'Break', eyesOnMe: true } });
});

test('times that are over, and a countdown to nothing, are refused', async () => {
  const over = await refusal(admin().announcement.set.mutate({ text: 'x', until: new Date(1000).toISOString() }));
  const nothing = await refusal(admin().announcement.set.mutate({ text: 'x', countdown: true }));
  expect([over.status, over.message]).toEqual([400, 'This time is in the past. Choose a later one.']);
  expect([nothing.status, nothing.message]).toEqual([400, 'A countdown needs an end time.']);
  expect(await told()).toBeNull();
});

test('a workflow is opened for all, opened again, closed, and gone when it is taken away', async () => {
  const { id } = await admin().workflows.add.mutate({ name: 'Lesson 1', workflow: { nodes: [] } });
  await admin().announcement.openWorkflow.mutate({ id });
  const first = await told();
  expect(first).toMatchObject({ text: '', workflow: { id, name: 'Lesson 1' } });
  await admin().announcement.set.mutate({ text: 'Open it' });
  expect(await told()).toMatchObject({ text: 'Open it', workflow: first?.workflow });
  await until('another moment', async () => {
    await admin().announcement.openWorkflow.mutate({ id });
    return (await told())?.workflow?.openedAt !== first?.workflow?.openedAt;
  });
  await admin().announcement.closeWorkflow.mutate();
  expect(await told()).toMatchObject({ text: 'Open it', workflow: null });
  await admin().announcement.openWorkflow.mutate({ id });
  await admin().workflows.remove.mutate({ id });
  expect(await told()).toMatchObject({ workflow: null });
  expect((await refusal(admin().announcement.openWorkflow.mutate({ id }))).status).toBe(404);
});

const entry = (message: string, part: object = {}) => ({
  level: 'error' as const,
  message,
  page: '/?jobId=1&token=t0k3n',
  at: new Date().toISOString(),
  ...part,
});
const push = (entries: ReturnType<typeof entry>[], source: 'comfyui' | 'comfyume' = 'comfyui') =>
  anna.api.clientLogs.push.mutate({ source, browser: 'Firefox 131 on Linux', entries });

test('what goes wrong in a browser comes to operators: in groups, without secrets, and can be cleared', async () => {
  const feed = product.operator.listen();
  await feed.ready;
  await push([
    entry('Node 12 failed, token=abc', { stack: 'at x (http://a.test/f.js?v=abc:1:2)', count: 3 }),
    entry('Node 14 failed, token=def'),
    entry('All is slow', { level: 'warning' }),
  ]);
  await push([entry('Something else')], 'comfyume');
  await until('the notice', () => feed.received.some(({ data }) => data.type === 'logs.changed'));
  await feed.close();
  const groups = await admin().clientLogs.groups.query();
  expect(groups.map(({ message, count, people }) => [message, count, people])).toEqual([
    ['Something else', 1, 1],
    ['All is slow', 1, 1],
    ['Node 14 failed, token=[removed]', 4, 1],
  ]);
  const of = async (filter: object) => (await admin().clientLogs.groups.query(filter)).length;
  expect([await of({ level: 'warning' }), await of({ source: 'comfyume' }), await of({ words: 'failed' })]).toEqual([
    1, 1, 1,
  ]);
  expect([await of({ userId: anna.id }), await of({ userId: 'nobody' })]).toEqual([3, 0]);
  const group = groups[2]?.group ?? '';
  const { items } = await admin().clientLogs.list.query({ group });
  expect(items).toMatchObject([
    { message: 'Node 14 failed, token=[removed]', page: '/?[removed]', user: { name: 'Anna' }, count: 1 },
    { stack: 'at x (http://a.test/f.js?[removed]:1:2)', browser: 'Firefox 131 on Linux', count: 3 },
  ]);
  expect(await admin().clientLogs.people.query()).toEqual([{ id: anna.id, name: 'Anna' }]);
  expect(await admin().clientLogs.clear.mutate({ group })).toEqual({ cleared: 2 });
  expect(await of({})).toBe(2);
});

test('a browser out of control is held up, and told for how long; others are not', async () => {
  const ben = await product.participant('Ben');
  const flood = Array.from({ length: 50 }, (_, n) => entry(`flood ${n}`));
  const no = await refusal(
    (async () => {
      for (let n = 0; n < 6; n += 1)
        await ben.api.clientLogs.push.mutate({ source: 'comfyui', browser: 'x', entries: flood });
    })(),
  );
  expect(no).toMatchObject({ status: 429, appError: 'too_many_attempts' });
  expect(no.retryAfterSeconds).toBeGreaterThan(0);
  await push([entry('still heard')]);
});

test('too much at once is refused, too long a text is cut', async () => {
  expect((await refusal(push(Array.from({ length: 51 }, () => entry('x'))))).status).toBe(400);
  await push([entry(`long ${'word '.repeat(3000)}`)]);
  const { items } = await admin().clientLogs.list.query({ words: 'long' });
  expect(items[0]?.message.length).toBe(2000);
});

test('what is changed in the settings is known with who and when, and works at once', async () => {
  await admin().settings.change.mutate({ fairness: 'first-come', bannerDetail: 'operator' });
  expect(await anna.api.session.info.query()).toMatchObject({ bannerDetail: 'operator' });
  const [last] = await admin().settings.history.query();
  expect(last).toMatchObject({ by: 'Teacher', changed: { fairness: 'first-come', bannerDetail: 'operator' } });
});

test('start and stop of the server, and what was done to whom, are logged', async () => {
  const types = (await admin().events.list.query({ actorId: 'system' })).items.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['server.started', 'server.stopped']));
  await admin().participants.resetPassphrase.mutate({ id: anna.id });
  const [reset] = (await admin().events.list.query({ subjectId: anna.id })).items;
  expect(reset).toMatchObject({
    type: 'admin.participants.resetPassphrase',
    subject: 'Anna',
    actor: { name: 'Teacher' },
  });
  expect(await admin().events.actors.query()).toMatchObject([{ name: 'Teacher' }]);
});

test('nothing went wrong meanwhile', () => {
  expect(product.wentWrong()).toEqual([]);
});
