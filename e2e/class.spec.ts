import { expect, test } from './fixtures.ts';
import { completed } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { markPage } from './same-page.ts';

const ADAS = 'a paper boat on a lake';
const HIS = 'a neon street in the rain';

test('two at once, three cold replicas, any request to any of them: each person gets exactly their own results, live', async ({
  stage,
  open,
  as,
}) => {
  const [ada, ben] = await stage.people('Ada', 'Ben');
  await stage.fleet.scaleToZero();
  await stage.fleet.setFaults({ coldStartHangs: true, nodes: [{ kind: 'hold', classType: 'KSampler' }] });
  const [adaPage, benPage] = await Promise.all([open(ada!), open(ben!)]);
  const [adaWork, benWork] = [workPage(adaPage), workPage(benPage)];
  const [adaStayed, benStayed] = await Promise.all([markPage(adaPage), markPage(benPage)]);

  await test.step('queue positions, and a cold GPU', async () => {
    await adaWork.runSample('Text to image', ADAS);
    await benWork.runSample('Text to image', HIS);
    await adaWork.runSample('Text to image', ADAS);
    await expect(adaWork.cards.filter({ hasText: /Starting a GPU · \d:\d\d/ })).toHaveCount(2);
    await expect(benWork.cards.filter({ hasText: 'Starting a GPU' })).toHaveCount(1);
    await benWork.runSample('Four takes', HIS);
    await expect(benWork.card('Four takes')).toContainText('Next');
    await adaWork.runSample('Text to image', ADAS);
    await expect(adaWork.cards.filter({ hasText: '2nd in queue' })).toHaveCount(1);
    await expect(adaPage).toHaveTitle('(3) comfyume');
    await expect(benPage).toHaveTitle('(2) comfyume');
  });

  await test.step('rendering', async () => {
    await stage.fleet.setFaults({ coldStartHangs: false });
    await expect(adaWork.cards.filter({ hasText: /Rendering · \d:\d\d/ }).first()).toBeVisible();
  });

  await test.step('results arrive live', async () => {
    const done = /Done in \d:\d\d/;
    // Both at once: a card that is done stays for a few seconds only.
    const cards = [
      adaWork.cards.filter({ hasText: done }).first(),
      benWork.card('Four takes').filter({ hasText: done }),
    ];
    const seen = Promise.all(cards.map((card) => card.waitFor()));
    await stage.fleet.setFaults({ nodes: [] });
    await seen;
    await expect(adaWork.tiles).toHaveCount(3);
    await expect(benWork.tiles).toHaveCount(2);
    await benWork.toggleStacks();
    await expect(benWork.tiles).toHaveCount(5);
    await adaStayed();
    await benStayed();
    await expect(adaPage).toHaveTitle('comfyume');
    await expect(adaWork.cards).toHaveCount(0);
  });

  const facts = async (person: typeof ada, work: typeof adaWork) => {
    const { api, cookie } = await as(person!);
    const { items } = await api.results.list.query();
    const jobs = (await api.jobs.list.query()).items;
    const shown = await work.tiles.evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-result')));
    expect(shown).toEqual(items.map(({ id }) => id));
    expect(new Set(items.map(({ jobId }) => jobId))).toEqual(new Set(jobs.map(({ id }) => id)));
    for (const job of jobs) expect(await completed(api, job.id)).toHaveLength(job.title === 'Four takes' ? 4 : 1);
    const prompts = await Promise.all(
      items.map(async ({ id }) => (await api.results.get.query({ id })).madeWith.prompt),
    );
    return { items, cookie, prompts: [...new Set(prompts)] };
  };

  await test.step('names, pictures and prompts are the person’s own; the API agrees', async () => {
    const theirs = await facts(ada, adaWork);
    const his = await facts(ben, benWork);
    expect(theirs.prompts).toEqual([ADAS]);
    expect(his.prompts).toEqual([HIS]);
    const all = [...theirs.items, ...his.items];
    expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(8);
    expect(new Set(theirs.items.map(({ filename }) => filename)).size).toBe(3);
    for (const { url } of his.items) {
      const headers = { cookie: `${theirs.cookie.name}=${theirs.cookie.value}` };
      expect((await fetch(stage.url + url, { headers })).status).toBe(404);
    }
  });

  const { replicas } = await stage.fleet.state();
  const worked = replicas.filter(({ phase, executed }) => phase === 'ready' && executed.length > 0);
  expect(worked.length).toBeGreaterThan(1);
  // A duplicate that began in the same moment is interrupted.
  expect(worked.flatMap(({ executed }) => executed).filter(({ outcome }) => outcome === 'error')).toEqual([]);
});
