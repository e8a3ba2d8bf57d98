import { createHash, randomUUID } from 'node:crypto';
import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ResultView } from '#src/api/views.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import type { Visitor } from '../testing/visitor.ts';

const prepared = z.object({
  url: z.string(),
  filename: z.string(),
  files: z.number(),
  bytes: z.number(),
  missing: z.number(),
});

/** Name → bytes, by the directory at its end; every CRC is checked. */
function unpack(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = zip.readUInt16LE(end + 10);
  for (let at = zip.readUInt32LE(end + 16); files.size < count; ) {
    const [nameLength, extraLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30)];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const header = zip.readUInt32LE(at + 42);
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const bytes = zip.subarray(start, start + zip.readUInt32LE(at + 24));
    expect(crc32(bytes), name).toBe(zip.readUInt32LE(at + 16));
    files.set(name, bytes);
    at += 46 + nameLength + extraLength;
  }
  return files;
}

describe('downloading', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let ben: TestPerson;
  let results: ResultView[];

  async function run(who: TestPerson, prompt: unknown, title?: string, workflow?: unknown): Promise<ResultView[]> {
    const { id } = await who.api.jobs.submit.mutate({ prompt, title, workflow });
    const job = await until('the end of the job', async () => {
      const now = await who.api.jobs.get.query({ id });
      return now.endedAt !== null && now;
    });
    return job.results;
  }
  const choose = async (who: Visitor, query: string) => {
    const response = await who.fetch(`/takehome?${query.includes('zone=') ? '' : 'zone=UTC&'}${query}`, {
      headers: { accept: 'application/json' },
    });
    expect(response.status).toBe(200);
    return prepared.parse(await response.json());
  };
  const zipOf = async (who: Visitor, query: string): Promise<Map<string, Buffer>> => {
    const response = await who.fetch((await choose(who, query)).url);
    expect(response.status).toBe(200);
    return unpack(Buffer.from(await response.arrayBuffer()));
  };
  const mediaOf = (files: Map<string, Buffer>): string[] => [...files.keys()].filter((name) => /^\d{4}-/.test(name));

  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 1 } });
    [anna, ben] = [await product.participant('Änne 雨'), await product.participant('Ben')];
    results = [
      ...(await run(
        anna,
        picture({ prefix: 'Füße 雨/großes "Bild" 🌧', width: 320, height: 200, batch: 2 }),
        'Füße: 雨',
        { nodes: [], links: [] },
      )),
      ...(await run(anna, picture({ prefix: 'other' }), '=cmd()')),
    ];
    expect(results).toHaveLength(3);
    await run(ben, picture({ prefix: 'bens' }));
  });
  afterAll(() => product.stop());

  const day = (): string => results[0]?.createdAt.slice(0, 10) ?? '';

  test('everything: the files as they are, the parameters, the workflows and a contact sheet', async () => {
    const [first] = results;
    await anna.api.results.mark.mutate({ ids: [first?.id ?? ''], rating: 4, favourite: true });
    const said = await choose(anna, '');
    const response = await anna.fetch(said.url);
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'application/zip',
      'private, no-store',
    ]);
    expect(response.headers.get('content-length')).toBe(String(said.bytes));
    expect(
      decodeURIComponent(
        /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? '',
      ),
    ).toBe(`Änne 雨 ${day()}.zip`);
    const zip = Buffer.from(await response.arrayBuffer());
    expect(zip.length).toBe(said.bytes);
    const files = unpack(zip);
    expect(files.size).toBe(said.files);
    expect(mediaOf(files).sort()).toEqual(results.map(({ filename }) => `${day()}/${filename}`).sort());
    for (const { filename, sha256 } of results)
      expect(
        createHash('sha256')
          .update(files.get(`${day()}/${filename}`) ?? '')
          .digest('hex'),
      ).toBe(sha256);

    const rows = z
      .array(
        z.object({
          file: z.string(),
          title: z.string(),
          rating: z.number(),
          favourite: z.boolean(),
          workflow: z.string(),
        }),
      )
      .parse(JSON.parse(files.get('parameters.json')?.toString() ?? ''));
    expect(rows.map(({ file }) => file).sort()).toEqual(mediaOf(files).sort());
    expect(rows.filter(({ favourite }) => favourite)).toMatchObject([
      { file: `${day()}/${first?.filename}`, rating: 4 },
    ]);
    for (const { workflow } of rows) expect(files.has(workflow)).toBe(true);
    expect([...files.keys()].filter((name) => name.startsWith('workflows/')).sort()).toEqual([
      expect.stringMatching(/^workflows\/=cmd\(\)-[0-9a-f]{8} \(API\)\.json$/),
      expect.stringMatching(/^workflows\/Füße_ 雨-[0-9a-f]{8}\.json$/),
    ]);
    expect(JSON.parse(files.get(rows[0]?.workflow ?? '')?.toString() ?? '')).toEqual({ nodes: [], links: [] });
    const csv = files.get('parameters.csv')?.toString() ?? '';
    expect(csv.startsWith('\uFEFFFile,')).toBe(true);
    expect(csv.trimEnd().split('\r\n')).toHaveLength(4);
    expect(csv).toContain(",'=cmd(),");
    expect(await sharp(files.get('contact-sheet-01.jpg')).metadata()).toMatchObject({
      format: 'jpeg',
      width: 2970,
      height: 2100,
    });
  });

  test('a renamed result has its new name wherever it is shown and downloaded; names in one archive stay distinct', async () => {
    const eve = await product.participant('Eve');
    const [one, two] = await run(eve, picture({ prefix: 'names/shot', batch: 2 }), 'Renaming');
    if (!one || !two) throw new Error('no results');
    const rename = (id: string, name: string | null) => eve.api.results.rename.mutate({ id, name });
    const rejects = (name: string, why: RegExp) => expect(rename(one.id, name)).rejects.toThrow(why);

    expect(await rename(one.id, 'Hero shot')).toMatchObject({ filename: 'names/Hero shot.png', url: one.url });
    expect(await rename(two.id, 'hero shot.png')).toMatchObject({ filename: 'names/hero shot.png' });
    await rejects('a/b', /cannot have/);
    await rejects(' ', /Enter a name/);
    await expect(ben.api.results.rename.mutate({ id: one.id, name: 'Mine' })).rejects.toThrow('Result not found');
    expect((await eve.api.results.list.query({ words: 'hero' })).items.map(({ id }) => id).sort()).toEqual(
      [one.id, two.id].sort(),
    );

    const file = await eve.fetch(`${one.url}?download=1`);
    expect(file.headers.get('content-disposition')).toContain('Hero shot.png');
    expect(
      createHash('sha256')
        .update(Buffer.from(await file.arrayBuffer()))
        .digest('hex'),
    ).toBe(one.sha256);
    const etag = file.headers.get('etag');
    expect(mediaOf(await zipOf(eve, `ids=${one.id},${two.id}`)).sort()).toEqual(
      [`${day()}/names/Hero shot.png`, `${day()}/names/hero shot (2).png`].sort(),
    );

    expect(await rename(one.id, null)).toEqual(one);
    // What a browser has kept of the download is not taken for this one.
    expect((await eve.fetch(`${one.url}?download=1`)).headers.get('etag')).not.toBe(etag);
    expect(mediaOf(await zipOf(eve, `ids=${one.id}`))).toEqual([`${day()}/${one.filename}`]);
    expect((await rename(two.id, two.filename.slice(two.filename.indexOf('/') + 1))).filename).toBe(two.filename);
  });

  test('a plain GET is led to the bytes; the same choice is the same bytes', async () => {
    const response = await anna.fetch(`/takehome?ids=${results.map(({ id }) => id).join(',')}`);
    expect(response.status).toBe(303);
    const address = response.headers.get('location') ?? '';
    const again = await anna.fetch(
      `/takehome?ids=${results
        .map(({ id }) => id)
        .reverse()
        .join(',')}`,
    );
    expect(again.headers.get('location')).toBe(address);
    const form = new URLSearchParams(results.map(({ id }) => ['ids', id]));
    const posted = await anna.fetch('/takehome', { method: 'POST', body: form });
    expect([posted.status, posted.headers.get('location')]).toEqual([303, address]);
    const [one, other] = await Promise.all([anna.fetch(address), anna.fetch(address)]);
    expect(Buffer.from(await one.arrayBuffer()).equals(Buffer.from(await other.arrayBuffer()))).toBe(true);
  });

  test('goes on after a cut at any byte, with what was chosen then, also after a restart', async () => {
    const { url, bytes } = await choose(anna, '');
    const whole = await anna.fetch(url);
    const etag = whole.headers.get('etag') ?? '';
    const zip = Buffer.from(await whole.arrayBuffer());
    await product.pause();
    await product.resume();
    await run(anna, picture({ prefix: 'later' }));
    for (const from of [0, 1, 29, 100, Math.floor(bytes / 3), Math.floor(bytes / 2), bytes - 100, bytes - 1]) {
      const rest = await anna.fetch(url, { headers: { range: `bytes=${from}-`, 'if-range': etag } });
      expect([rest.status, rest.headers.get('content-range')]).toEqual([206, `bytes ${from}-${bytes - 1}/${bytes}`]);
      expect(Buffer.from(await rest.arrayBuffer()).equals(zip.subarray(from)), String(from)).toBe(true);
    }
    const middle = await anna.fetch(url, { headers: { range: 'bytes=1000-1999' } });
    expect(Buffer.from(await middle.arrayBuffer()).equals(zip.subarray(1000, 2000))).toBe(true);
    const other = await anna.fetch(url, { headers: { range: 'bytes=1000-', 'if-range': '"another"' } });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, bytes]);
    const beyond = await anna.fetch(url, { headers: { range: `bytes=${bytes}-` } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes}`]);
    const head = await anna.fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), (await head.arrayBuffer()).byteLength]).toEqual([
      200,
      String(bytes),
      0,
    ]);
  });

  test('by filter; rejected and moved to the trash only when they are asked for', async () => {
    const [first, second, third] = results.map(({ id }) => id);
    await anna.api.results.mark.mutate({ ids: [second ?? ''], rejected: true });
    await anna.api.results.remove.mutate({ ids: [third ?? ''] });
    const count = async (query: string): Promise<number> => mediaOf(await zipOf(anna, query)).length;
    const all = (await anna.api.results.list.query()).items.length;
    expect(await count('')).toBe(all - 1);
    expect(await count('rejected=all')).toBe(all);
    expect(await count('rejected=true')).toBe(1);
    expect(await count('removed=1')).toBe(1);
    expect(await count('favourite=1&minRating=4')).toBe(1);
    expect(await count(`ids=${first},${second},${third}`)).toBe(2);
    expect(await count(`ids=${third}&removed=1`)).toBe(1);
    const { files, bytes } = await anna.api.results.size.query({ rejected: false });
    expect([files, bytes]).toEqual([
      all - 1,
      (await anna.api.results.list.query({ rejected: false })).items.reduce((sum, result) => sum + result.bytes, 0),
    ]);
    await anna.api.results.restore.mutate({ ids: [third ?? ''] });
    await anna.api.results.mark.mutate({ ids: [second ?? ''], rejected: false });
  });

  test('for the owner and the operator; what is another’s is as nothing', async () => {
    const { url } = await choose(anna, '');
    expect((await product.operator.fetch(url)).status).toBe(200);
    const [foreign, none] = [await ben.fetch(url), await ben.fetch(`/takehome/${'0'.repeat(32)}/x.zip`)];
    expect([foreign.status, await foreign.text()]).toEqual([404, await none.text()]);
    expect((await product.visitor().fetch(url)).status).toBe(401);
    expect((await product.visitor().fetch('/takehome')).status).toBe(401);

    const ids = results.map(({ id }) => id).join(',');
    const [theirs, made] = [await ben.fetch(`/takehome?ids=${ids}`), await ben.fetch(`/takehome?ids=${randomUUID()}`)];
    expect([theirs.status, await theirs.text()]).toEqual([404, await made.text()]);
    const mixed = await zipOf(ben, `ids=${ids},${(await ben.api.results.list.query()).items[0]?.id}`);
    expect(mediaOf(mixed)).toEqual([expect.stringMatching(/\/bens_00001_\.png$/)]);
    for (const user of [anna.id, randomUUID()]) expect((await ben.fetch(`/takehome?user=${user}`)).status).toBe(404);
    expect(mediaOf(await zipOf(product.operator, `user=${ben.id}`))).toHaveLength(1);
    expect((await product.operator.fetch('/takehome')).status).toBe(404);
  });

  test('everybody’s at once, for operators: a folder each, with lists and sheets of their own; who left too', async () => {
    const [carl] = await product.participants(['Carl']);
    await run(carl!, picture({ prefix: 'carls' }));
    await product.operator.api.admin.participants.delete.mutate({ id: carl!.id, withWork: false });
    const said = await choose(product.operator, 'everyone=1&rejected=all');
    const files = unpack(Buffer.from(await (await product.operator.fetch(said.url)).arrayBuffer()));
    expect([said.filename, said.files]).toEqual([`Class ${day()}.zip`, files.size]);
    for (const [who, query] of [
      ['Änne 雨', `user=${anna.id}&rejected=all`],
      ['Ben', `user=${ben.id}&rejected=all`],
      ['Carl', `user=${carl!.id}&rejected=all`],
    ] as const) {
      const own = await zipOf(product.operator, query);
      expect([...files.keys()].filter((name) => name.startsWith(`${who}/`)).sort()).toEqual(
        [...own.keys()].map((name) => `${who}/${name}`).sort(),
      );
      for (const [name, bytes] of own) expect(files.get(`${who}/${name}`)?.equals(bytes), `${who}/${name}`).toBe(true);
    }
    expect((await choose(product.operator, 'everyone=1&rejected=all')).url).toBe(said.url);
    expect((await ben.fetch(said.url)).status).toBe(404);
    expect((await ben.fetch('/takehome?everyone=1')).status).toBe(403);
  });

  test.each(['ids=', 'kind=nonsense', 'zone=Nowhere', 'minRating=9', 'from=yesterday'])(
    '%s is refused in words',
    async (query) => {
      const response = await anna.fetch(`/takehome?${query}`);
      expect([400, 404]).toContain(response.status);
      expect((await response.text()).length).toBeGreaterThan(10);
    },
  );

  test('a file that is gone from the disk is named, and costs nothing else', async () => {
    const [gone] = await run(anna, picture({ prefix: 'gone' }));
    await rm(join(product.folders.outputs, anna.name, gone?.filename ?? ''));
    const said = await choose(anna, '');
    expect(said.missing).toBe(1);
    const files = await zipOf(anna, '');
    expect(files.get('missing.txt')?.toString()).toContain('gone_00001_.png');
    expect(mediaOf(files).some((name) => name.includes('gone'))).toBe(false);
  });

  test('a file that changes on the way ends the download instead of spoiling it', async () => {
    const [fragile] = await run(anna, picture({ prefix: 'fragile' }));
    const { url, bytes } = await choose(anna, `ids=${fragile?.id}`);
    await writeFile(join(product.folders.outputs, anna.name, fragile?.filename ?? ''), 'short');
    const cut = anna.fetch(url).then(async (response) => (await response.arrayBuffer()).byteLength);
    await expect(cut).rejects.toThrow();
    expect(bytes).toBeGreaterThan(0);
  });

  test('what was packed is thrown away after a day; nothing half packed stays', async () => {
    const dir = join(product.folders.data, 'takehome');
    const { url } = await choose(anna, 'favourite=1');
    const past = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(dir, url.split('/')[2] ?? ''), past, past);
    const other = await choose(anna, 'kind=image&favourite=1&zone=Asia/Tokyo');
    expect((await anna.fetch(url)).status).toBe(404);
    expect((await anna.fetch(other.url)).status).toBe(200);
    expect(await readdir(join(dir, '.packing'))).toEqual([]);
  });

  test('nothing went wrong meanwhile', () => {
    expect(product.wentWrong()).toEqual([]);
  });
});
