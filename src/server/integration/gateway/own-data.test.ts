import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWN_FILES } from '#src/domain/comfyui/own-files.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { comfyuiOf } from '../testing/tab-of.ts';
import type { Visitor } from '../testing/visitor.ts';

let product: ProductUnderTest;
let [ada, ben]: TestPerson[] = [];
let comfy: Visitor;
let bens: Visitor;

beforeAll(async () => {
  product = await productUnderTest({ fleet: null, config: { comfyuiPort: 0 } });
  [ada, ben] = await product.participants(['Ada', 'Ben']);
  comfy = await comfyuiOf(product, ada!);
  bens = await comfyuiOf(product, ben!);
});
afterAll(() => product.stop());

const body = (value: unknown) => ({ method: 'POST', body: JSON.stringify(value) });
const json = async (who: Visitor, path: string, init?: RequestInit) => {
  const response = await who.fetch(path, init);
  return { status: response.status, body: await response.json().catch(() => null) };
};
const file = (name: string) => `/api/userdata/${encodeURIComponent(name)}`;

describe('settings', () => {
  test('an unknown one is null; what is sent goes beside what is there; each person has their own', async () => {
    expect(await json(comfy, '/api/settings/Comfy.Unknown')).toEqual({ status: 200, body: null });
    expect((await json(comfy, '/api/settings', body({ 'Comfy.Locale': 'de', 'a/b': [1, { c: null }] }))).status).toBe(
      200,
    );
    expect((await json(comfy, '/settings/Comfy.Locale', body('fr'))).status).toBe(200);
    expect((await json(comfy, '/api/settings/Off', body(false))).status).toBe(200);
    expect((await json(comfy, '/api/settings')).body).toEqual({
      'Comfy.Locale': 'fr',
      Off: false,
      'a/b': [1, { c: null }],
    });
    expect((await json(comfy, '/api/settings/a%2Fb')).body).toEqual([1, { c: null }]);
    expect((await json(bens, '/api/settings')).body).toEqual({});
  });

  test('numbers keep every digit', async () => {
    await comfy.fetch('/api/settings/Large', { method: 'POST', body: '9007199254740993' });
    expect(await (await comfy.fetch('/api/settings/Large')).text()).toBe('9007199254740993');
  });

  test.each([
    ['[]', 400, 'JSON object'],
    ['{', 400, 'not valid JSON'],
    [JSON.stringify({ ['k'.repeat(301)]: 1 }), 413, '301 characters'],
    [JSON.stringify({ big: 'x'.repeat(2_000_000) }), 413, 'settings of your ComfyUI'],
  ])('%.20s… is refused', async (text, status, words) => {
    const answer = await json(comfy, '/api/settings', { method: 'POST', body: text });
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toContain(words);
  });
});

describe('files that ComfyUI keeps', () => {
  test('save, read, list, rename, conflict, delete', async () => {
    const before = Date.now();
    const saved = await json(comfy, `${file('workflows/a/first.json')}?overwrite=false&full_info=true`, body({ v: 1 }));
    expect(saved).toMatchObject({ status: 200, body: { path: 'workflows/a/first.json', size: 7 } });
    expect(saved.body.modified).toBeGreaterThanOrEqual(before);
    expect(saved.body.created).toBe(saved.body.modified);
    expect((await json(comfy, `${file('workflows/a/first.json')}?overwrite=false`, body({ v: 2 }))).status).toBe(409);
    expect((await json(comfy, file('workflows/a/first.json'), body({ v: 3 }))).body).toBe('workflows/a/first.json');
    await comfy.fetch(file('workflows/second.json'), body({}));

    const read = await comfy.fetch(file('workflows/a/first.json'));
    expect(await read.text()).toBe('{"v":3}');
    expect(read.headers.get('content-disposition')).toBe('attachment');
    expect(read.headers.get('x-content-type-options')).toBe('nosniff');

    const info = await json(comfy, '/api/userdata?dir=workflows&recurse=true&split=false&full_info=true');
    expect(info.body.map(({ path }: { path: string }) => path)).toEqual(['a/first.json', 'second.json']);
    expect((await json(comfy, '/api/userdata?dir=workflows')).body).toEqual(['second.json']);
    expect((await json(comfy, '/api/userdata?dir=workflows&recurse=true&split=true')).body).toEqual([
      ['a/first.json', 'a', 'first.json'],
      ['second.json', 'second.json'],
    ]);
    expect((await json(comfy, '/api/v2/userdata?path=workflows')).body).toMatchObject([
      { name: 'a', path: 'workflows/a', type: 'directory' },
      { name: 'first.json', path: 'workflows/a/first.json', type: 'file', size: 7 },
      { name: 'second.json', path: 'workflows/second.json', type: 'file', size: 2 },
    ]);

    const to = encodeURIComponent('workflows/second.json');
    expect(
      (await json(comfy, `${file('workflows/a/first.json')}/move/${to}?overwrite=false`, { method: 'POST' })).status,
    ).toBe(409);
    const third = encodeURIComponent('workflows/third.json');
    const moved = await json(comfy, `${file('workflows/a/first.json')}/move/${third}?overwrite=false&full_info=true`, {
      method: 'POST',
    });
    expect(moved).toMatchObject({
      status: 200,
      body: { path: 'workflows/third.json', size: 7, created: saved.body.created },
    });
    expect((await comfy.fetch(file('workflows/third.json'), { method: 'DELETE' })).status).toBe(204);
    expect((await comfy.fetch(file('workflows/third.json'), { method: 'DELETE' })).status).toBe(404);
    expect((await comfy.fetch(file('workflows/third.json'))).status).toBe(404);
  });

  test('a missing folder is 404, which the front end takes for an empty one', async () => {
    expect((await json(comfy, '/api/userdata?dir=subgraphs&recurse=true&split=false&full_info=true')).status).toBe(404);
    expect((await json(comfy, '/api/userdata')).status).toBe(400);
    expect((await json(bens, '/api/v2/userdata')).body).toEqual([]);
  });

  test('only the person’s own style sheet is one; whoever has none has an empty one', async () => {
    const none = await comfy.fetch('/api/userdata/user.css');
    expect([none.status, none.headers.get('content-type'), await none.text()]).toEqual([
      200,
      'text/css; charset=utf-8',
      '',
    ]);
    for (const name of ['user.css', 'css/user.css', 'page.html'])
      await comfy.fetch(file(name), { method: 'POST', body: 'a{}' });
    const css = await comfy.fetch('/api/userdata/user.css');
    expect(css.headers.get('content-type')).toContain('text/css');
    expect(css.headers.get('content-disposition')).toBe('inline');
    for (const name of ['css/user.css', 'page.html']) {
      const other = await comfy.fetch(file(name));
      expect(other.headers.get('content-type')).toBe('application/octet-stream');
      expect(other.headers.get('content-disposition')).toBe('attachment');
    }
  });

  test('bytes come back as they went in, and survive a restart', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    await comfy.fetch(file('bytes.bin'), { method: 'POST', body: bytes });
    await product.pause();
    await product.resume({ comfyuiPort: Number(new URL(product.comfyuiUrl).port) });
    expect(new Uint8Array(await (await comfy.fetch(file('bytes.bin'))).arrayBuffer())).toEqual(bytes);
  });

  test.each(['../../etc/passwd', 'a/../../b', '/etc/passwd', 'a\0b', 'x'.repeat(300)])(
    '%j is refused',
    async (name) => {
      for (const method of ['GET', 'POST', 'DELETE'])
        expect((await comfy.fetch(file(name), { method, ...(method === 'POST' && { body: 'x' }) })).status).toBe(403);
      expect((await json(comfy, `/api/userdata?dir=${encodeURIComponent(name)}`)).status).toBe(403);
    },
  );

  test('what is too large is refused with a sentence', async () => {
    const answer = await json(comfy, file('large.bin'), {
      method: 'POST',
      body: new Uint8Array(OWN_FILES.fileBytes + 1),
    });
    expect(answer.status).toBe(413);
    expect(answer.body.error.message).toContain('limit');
  });

  test('nobody sees another person’s', async () => {
    await comfy.fetch(file('workflows/secret.json'), body({}));
    expect((await bens.fetch(file('workflows/secret.json'))).status).toBe(404);
    expect((await bens.fetch(file('workflows/secret.json'), { method: 'DELETE' })).status).toBe(404);
    expect((await json(bens, '/api/userdata?dir=workflows&recurse=true')).status).toBe(404);
    await bens.fetch(file('workflows/secret.json'), body({ ben: true }));
    expect(await (await comfy.fetch(file('workflows/secret.json'))).text()).toBe('{}');
  });
});
