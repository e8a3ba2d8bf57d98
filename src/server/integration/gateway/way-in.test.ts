import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { comfyuiOf, pathOf } from '../testing/tab-of.ts';
import { type Visitor, visitor } from '../testing/visitor.ts';

const HTML = { accept: 'text/html' };

let product: ProductUnderTest;
let ada: TestPerson;
let ben: TestPerson;
const browser = (): Visitor => visitor(product.comfyuiUrl);
/** A socket of ComfyUI's, that is open; `closed` is the code that it ends with. */
async function listen(headers: Record<string, string>): Promise<{ closed: Promise<number> }> {
  const socket = new WebSocket(`${product.comfyuiUrl.replace(/^http/, 'ws')}/ws?clientId=1`, { headers });
  const closed = once(socket, 'close').then(([code]): number => code);
  await once(socket, 'open');
  return { closed };
}
const settingOf = async (who: Visitor): Promise<unknown> => (await who.fetch('/api/settings/Whose')).json();
const set = (who: Visitor, value: unknown) =>
  who.fetch('/api/settings/Whose', { method: 'POST', body: JSON.stringify(value) });

beforeAll(async () => {
  product = await productUnderTest({ fleet: null, config: { comfyuiPort: 0 } });
  const [first, second] = await product.participants(['Ada', 'Ben']);
  ada = first!;
  ben = second!;
});
afterAll(() => product.stop());

test('the gallery leads to it without any configuration, by the name that the browser uses', async () => {
  const { comfyuiUrl } = await ada.api.session.info.query();
  expect(comfyuiUrl).toBe(`${product.comfyuiUrl}/open/`);
  const { port } = new URL(product.comfyuiUrl);
  const named = visitor(product.url.replace('127.0.0.1', 'localhost'));
  expect((await named.api.session.info.query()).comfyuiUrl).toBe(`http://localhost:${port}/open/`);
  // A proxy that speaks https stands before the one port only.
  const secure = product.visitor({ 'x-forwarded-proto': 'https' });
  expect((await secure.api.session.info.query()).comfyuiUrl).toBeNull();
  expect((await (await comfyuiOf(product, ada)).fetch('/api/users')).status).toBe(200);
});

test('a token opens no page: scripts would find it in the address', async () => {
  const { token } = await ada.api.session.createToken.mutate({ name: 'program', scope: 'submit' });
  const page = await browser().fetch(`/t/${token}/`, { headers: HTML });
  expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('for programs')]);
  expect((await browser().fetch(`/t/${token}/api/settings`)).status).toBe(200);
});

test('an operator’s own token is told that ComfyUI is for participants', async () => {
  const { token } = await product.operator.api.session.createToken.mutate({ name: 'program', scope: 'submit' });
  const refused = await browser().fetch(`/t/${token}/prompt`);
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { error: { type: 'forbidden', message: expect.stringMatching(/^ComfyUI is for participants\..*“View as”/) } },
  ]);
});

describe('what a browser keeps of ComfyUI', () => {
  const entered = async (tab: Visitor, who: Visitor): Promise<string | null> => {
    const begun = await tab.fetch('/open/');
    const known = await who.fetch(pathOf(begun.headers.get('location')));
    const answer = await tab.fetch(pathOf(known.headers.get('location')));
    expect(answer.headers.get('location')).toBe('/');
    return answer.headers.get('clear-site-data');
  };
  test('goes when the person changes, and only then', async () => {
    const tab = browser();
    expect(await entered(tab, ada)).toBeNull();
    expect(await entered(tab, ada)).toBeNull();
    const again = product.visitor();
    await again.api.session.login.mutate({ name: ada.name, password: ada.passphrase });
    expect(await entered(tab, again)).toBeNull();
    // Even where the one before has signed out.
    await again.api.session.logout.mutate();
    expect(await entered(tab, ben)).toBe('"storage"');
    expect(await entered(tab, ben)).toBeNull();
  });
});

describe('an operator who views as somebody', () => {
  test('opens that person’s ComfyUI; what they change is recorded, and it ends with viewing', async () => {
    await set(await comfyuiOf(product, ada), 'Ada');
    const teacher = product.visitor();
    await teacher.api.session.login.mutate({ name: product.config.admin.name, password: 'chalk and blackboard' });
    await expect(comfyuiOf(product, teacher)).rejects.toThrow();
    await teacher.api.admin.participants.lookAs.mutate({ id: ada.id });
    const theirs = await comfyuiOf(product, teacher);
    expect(await settingOf(theirs)).toBe('Ada');
    await set(theirs, 'teacher');
    expect(await settingOf(await comfyuiOf(product, ada))).toBe('teacher');
    const { items } = await product.operator.api.admin.events.list.query({ limit: 50 });
    const own = items.filter(({ type }) => type.startsWith('comfyui.'));
    expect(own.map(({ type, onBehalfOf, actor }) => [type, actor?.name, onBehalfOf?.name])).toEqual([
      ['comfyui.changed', 'Teacher', 'Ada'],
      ['comfyui.opened', 'Teacher', 'Ada'],
    ]);
    const socket = await listen({ cookie: theirs.cookie() });
    await teacher.api.session.lookBack.mutate();
    expect(await socket.closed).toBe(4401);
    expect((await theirs.fetch('/api/settings/Whose')).status).toBe(401);
    // Ada's own goes on.
    expect(await settingOf(await comfyuiOf(product, ada))).toBe('teacher');
  });

  test('loses it when the operator is shut out, or the person is disabled', async () => {
    const [cara] = await product.participants(['Cara']);
    const [helper] = await product.participants(['Helper']);
    await product.operator.api.admin.participants.setRole.mutate({ id: helper!.id, role: 'operator' });
    const signedIn = product.visitor();
    await signedIn.api.session.login.mutate({ name: 'Helper', password: helper!.passphrase });
    await signedIn.api.admin.participants.lookAs.mutate({ id: cara!.id });
    const theirs = await comfyuiOf(product, signedIn);
    expect((await theirs.fetch('/api/settings')).status).toBe(200);
    await product.operator.api.admin.participants.setEnabled.mutate({ id: cara!.id, enabled: false });
    expect((await theirs.fetch('/api/settings')).status).toBe(401);
    // The operator is back at their own account, which has no ComfyUI.
    expect((await signedIn.api.session.me.query())?.user.name).toBe('Helper');
    await expect(comfyuiOf(product, signedIn)).rejects.toThrow();
  });
});

describe('ComfyUI is turned off for somebody', () => {
  test('at once, for their browser and their tokens, until it is turned on', async () => {
    const tab = await comfyuiOf(product, ben);
    const { token } = await ben.api.session.createToken.mutate({ name: 'script', scope: 'submit' });
    const script = visitor(product.comfyuiUrl, { authorization: `Bearer ${token}` });
    const turn = (on: boolean) => product.operator.api.admin.participants.setComfyui.mutate({ id: ben.id, on });
    const sockets = [await listen({ cookie: tab.cookie() }), await listen({ authorization: `Bearer ${token}` })];
    const gallery = ben.listen();
    await gallery.ready;
    await turn(false);
    for (const { closed } of sockets) expect(await closed).toBe(4401);
    expect(gallery.closed).toEqual([]);
    await gallery.close();
    for (const who of [tab, script]) {
      const refused = await who.fetch('/api/settings');
      expect(refused.status).toBe(403);
      expect((await refused.json()).error.message).toContain('turned off for you');
    }
    const page = await tab.fetch('/', { headers: HTML });
    expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('Ask the teacher')]);
    await expect(comfyuiOf(product, ben)).rejects.toThrow();
    expect((await ben.api.session.info.query()).comfyuiUrl).toBeNull();
    expect((await ada.api.session.info.query()).comfyuiUrl).not.toBeNull();
    const list = await product.operator.api.admin.participants.list.query();
    expect(list.find(({ id }) => id === ben.id)?.comfyui).toBe(false);
    await turn(true);
    expect((await tab.fetch('/api/settings')).status).toBe(200);
  });
});
