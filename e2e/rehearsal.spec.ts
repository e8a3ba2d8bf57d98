import { type SignedIn, signIn } from './api.ts';
import { readCodes } from './codes.ts';
import { expect, test } from './fixtures.ts';
import { workPage } from './pages/work.ts';
import { OPERATOR } from './stage.ts';
import { picture } from './workflows.ts';

const SEATS = 20;
const EACH = 2;
const ENDS = ['completed', 'failed', 'cancelled'];

/** Name and passphrase, as the login page takes them from the address of a card. */
function credentials(address: string): { name: string; passphrase: string } {
  const [name = '', passphrase = ''] = new URL(address).hash.slice(1).split(':').map(decodeURIComponent);
  return { name, passphrase };
}

test('a whole class: cards, codes, flaky GPUs, a break, a lost spot endpoint, downloads, and the end', async ({
  stage,
  open,
  complaints,
}) => {
  test.setTimeout(420_000);
  complaints.expect(/WebSocket|status of 401/);
  const { fleet } = stage;
  const { admin } = stage.operator.api;
  const [spot] = await admin.endpoints.list.query();
  // What is cut right after it was taken is watched for so long, and what died in the middle for so long.
  await admin.settings.change.mutate({ startBudgetFloorMs: 6000, startBudgetMs: 6000, jobTimeoutMs: 20_000 });
  await fleet.setLimits({ min: 4, max: 4 });
  const teacher = await open({ id: '', ...OPERATOR }, { path: '/admin/endpoints' });
  const endpoints = teacher.getByRole('table', { name: 'Endpoints' });

  await test.step('a second endpoint is added', async () => {
    await teacher.getByRole('button', { name: 'Add an endpoint' }).click();
    const form = teacher.getByRole('dialog', { name: 'Add an endpoint' });
    await form.getByRole('textbox', { name: 'Name' }).fill('Second room');
    await form.getByRole('textbox', { name: 'Address' }).fill(spot?.url ?? '');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    const details = teacher.getByRole('dialog', { name: 'Second room' });
    await details.getByRole('button', { name: 'Test and enable' }).click();
    await expect(details.getByRole('button', { name: 'Test', exact: true })).toBeVisible();
    await teacher.keyboard.press('Escape');
    await expect(endpoints.getByRole('row', { name: 'Second room' })).toContainText('In use');
  });

  const people = await test.step('twenty cards, and each code signs its owner in', async () => {
    await teacher.goto('/admin/participants');
    await teacher.getByRole('button', { name: 'Add participants' }).click();
    const adding = teacher.getByRole('dialog', { name: 'Add participants' });
    await adding.getByRole('textbox', { name: 'Names' }).fill('take01..take20');
    await adding.getByRole('button', { name: `Add ${SEATS} participants` }).click();
    await teacher.getByRole('button', { name: 'Print cards' }).click();
    const codes = teacher.getByRole('list', { name: 'Cards' }).getByRole('img');
    await expect(codes).toHaveCount(SEATS);
    const addresses = await readCodes(codes);
    const first = await open(null, { path: addresses[0] ?? '' });
    await expect(workPage(first).empty).toBeVisible();
    await teacher.getByRole('link', { name: 'Done, discard passphrases' }).click();
    const signedIn = await Promise.all(
      addresses.map(async (address): Promise<SignedIn & { name: string }> => {
        const { name, passphrase } = credentials(address);
        return { name, ...(await signIn(stage.url, name, passphrase)) };
      }),
    );
    return { first, signedIn };
  });
  const { first, signedIn } = people;

  await fleet.setFaults({
    requests: [
      { kind: 'cutAfterAccept', only: 'prompt', probability: 0.1, count: 3 },
      { kind: 'answer', status: 502, only: 'prompt', probability: 0.1, count: 2 },
    ],
    nodes: [
      { kind: 'outOfMemory', classType: 'KSampler', probability: 0.2, count: 3 },
      { kind: 'kill', classType: 'VAEDecode', probability: 0.1, count: 1 },
    ],
  });

  await test.step('everybody runs jobs, while the operator pauses, announces, cancels and resumes', async () => {
    await teacher.goto('/admin/queue');
    await teacher.getByRole('button', { name: 'Pause', exact: true }).click();
    await Promise.all(
      signedIn.flatMap(({ api, name }) =>
        Array.from({ length: EACH }, (_, n) =>
          api.jobs.submit.mutate({ title: `${name} ${n + 1}`, prompt: picture({ prefix: name }) }),
        ),
      ),
    );
    await expect(workPage(first).cards).toHaveCount(EACH);
    await admin.announcement.set.mutate({ text: 'We begin in a minute', until: null });
    await expect(first.getByRole('status', { name: 'Announcement' })).toContainText('We begin in a minute');
    await teacher.getByRole('searchbox', { name: 'Search title, owner or ID' }).fill('take20 2');
    await teacher.getByRole('button', { name: /^Cancel take20 2/ }).click();
    await expect(teacher.getByRole('row', { name: 'take20 2' })).toBeHidden();
    await teacher.getByRole('button', { name: 'Resume', exact: true }).click();
    await admin.announcement.clear.mutate();
  });

  await test.step('the spot GPUs are lost, and the others do the rest', async () => {
    await teacher.goto('/admin/endpoints');
    const row = endpoints.getByRole('row', { name: spot?.name ?? '' });
    await row.getByRole('button', { name: `Disable ${spot?.name}` }).click();
    await expect(row).toContainText('Off');
    await row.getByRole('button', { name: `Enable ${spot?.name}` }).click();
  });

  const statuses = async (): Promise<string[]> =>
    (
      await Promise.all(
        signedIn.map(async ({ api }) => (await api.jobs.list.query({})).items.map(({ status }) => status)),
      )
    ).flat();
  const ended = async (): Promise<number> => (await statuses()).filter((status) => ENDS.includes(status)).length;

  await test.step('failed jobs are run again from the queue page, until everything has arrived', async () => {
    await expect.poll(ended, { timeout: 180_000, intervals: [500] }).toBe(SEATS * EACH);
    await fleet.setFaults({ requests: [], nodes: [] });
    // Now nothing is lost any more: what takes its time is given it.
    await admin.settings.change.mutate({ startBudgetMs: 60_000, jobTimeoutMs: 60_000 });
    const failed = (await statuses()).filter((status) => status === 'failed').length;
    expect(failed).toBeGreaterThan(0);
    await teacher.goto('/admin/queue?state=failed');
    await teacher.getByRole('button', { name: 'Select all' }).click();
    await teacher.getByRole('region', { name: 'Selected jobs' }).getByRole('button', { name: 'Run again' }).click();
    await expect
      .poll(async () => (await statuses()).filter((status) => status === 'completed').length, {
        timeout: 180_000,
        intervals: [500],
      })
      .toBe(SEATS * EACH - 1);
  });

  await test.step('everybody has exactly their own', async () => {
    const seen = new Set<string>();
    for (const { api, name } of signedIn) {
      const { items } = await api.results.list.query({});
      expect(items).toHaveLength(name === 'take20' ? EACH - 1 : EACH);
      for (const { id, filename, title } of items) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
        expect(filename).toContain(name);
        expect(title).toContain(name);
      }
    }
  });

  await test.step('a zip file per person', async () => {
    await teacher.goto('/admin/storage');
    const work = teacher.getByRole('table', { name: 'Files by participant' });
    const links = work.getByRole('link', { name: /take\d\d$/ });
    await expect(links).toHaveCount(SEATS);
    for (const href of await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))) {
      const zip = await teacher.request.get(href);
      expect(zip.status()).toBe(200);
      expect((await zip.body()).subarray(0, 2).toString()).toBe('PK');
    }
  });

  await test.step('the class ends: new jobs are rejected, and everybody is signed out', async () => {
    await teacher.goto('/admin/queue');
    await teacher.getByRole('button', { name: 'Drain', exact: true }).click();
    await expect(teacher.getByText('The queue is empty: you can start the break.')).toBeVisible();
    const late = signedIn[0]?.api.jobs.submit.mutate({ prompt: picture() });
    await expect(late).rejects.toThrow('The teacher is not accepting new jobs');
    await teacher.goto('/admin/participants');
    await teacher.getByRole('searchbox', { name: 'Find a name' }).fill('take');
    await teacher.getByRole('checkbox', { name: 'Select all' }).check();
    await expect(teacher.getByText(`${SEATS} selected`)).toBeVisible();
    await teacher.getByRole('button', { name: 'Disable', exact: true }).click();
    await expect(first).toHaveURL(/\/login/);
    await teacher.goto('/admin/queue');
    await teacher.getByRole('button', { name: 'Resume', exact: true }).click();
  });
  await fleet.setLimits({ min: 3, max: 3 });
  for (const { id, name } of await admin.endpoints.list.query())
    if (name === 'Second room') await admin.endpoints.remove.mutate({ id });
});
