import { spawnSync } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResultView } from '#src/api/views.ts';
import { RESTORABLE_MS } from '#src/domain/file-facts.ts';
import { deleteRemoved } from '#src/services/results/delete-removed.ts';
import type { Deps } from '../../process/deps.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const workflow = { last_node_id: 9, nodes: [{ id: 9, type: 'SaveImage' }], links: [], version: 0.4 };
const TRACES = /class_type|SaveImage|last_node_id|filename_prefix|comfyume/;

describe('what is made from results', () => {
  let product: ProductUnderTest;
  let deps: Deps;
  let anna: TestPerson;
  let ben: TestPerson;
  let shot: ResultView;

  async function run(
    who: TestPerson,
    asked: Parameters<TestPerson['api']['jobs']['submit']['mutate']>[0],
  ): Promise<ResultView> {
    const { id } = await who.api.jobs.submit.mutate(asked);
    const job = await until('the end of the job', async () => {
      const now = await who.api.jobs.get.query({ id });
      return now.endedAt !== null && now;
    });
    expect(job).toMatchObject({ status: 'completed', message: null });
    const [result] = job.results;
    if (!result) throw new Error('no result');
    return result;
  }
  const thumbs = () => join(product.folders.data, 'thumbs');
  const statusOf = async (who: TestPerson, path: string | null) => (await who.fetch(path ?? '/files/none')).status;

  /** Without fetch, which puts a no-cache of its own beside If-None-Match. */
  const statusFor = (who: TestPerson, path: string, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asked = request(new URL(path, product.url), {
        agent: false,
        headers: { cookie: who.cookie(), ...headers },
      });
      asked.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
      asked.end();
    });

  beforeAll(async () => {
    product = await productUnderTest({
      fleet: { replicas: 1 },
      arrange(real) {
        deps = real;
        return real;
      },
    });
    [anna, ben] = [await product.participant('Anna'), await product.participant('Ben')];
    shot = await run(anna, { prompt: picture({ prefix: 'Shot' }), workflow, title: 'Portrait: "雨"' });
  });
  afterAll(() => product.stop());

  test('thumbnails are made as results arrive, before anybody asks', async () => {
    await until('the small picture', () =>
      access(join(thumbs(), `${shot.id}.webp`)).then(
        () => true,
        () => false,
      ),
    );
  });

  test('addresses only where there can be something', () => {
    expect(shot).toMatchObject({
      thumbUrl: `/files/${shot.id}/thumb`,
      cleanUrl: `/files/${shot.id}/clean`,
      storyboardUrl: null,
      waveformUrl: null,
      proxyUrl: null,
      workflowUrl: `/files/${shot.id}/workflow.json`,
      apiWorkflowUrl: `/files/${shot.id}/api.json`,
    });
  });

  test('what there cannot be is told so', async () => {
    for (const what of ['storyboard', 'waveform', 'proxy']) {
      const none = await anna.fetch(`/files/${shot.id}/${what}`);
      expect([none.status, none.headers.get('cache-control'), await none.text()]).toEqual([
        404,
        'no-store',
        expect.stringMatching(/^No .* of this file\.\n$/),
      ]);
    }
  });

  test('a clean copy is the same picture, and tells nothing', async () => {
    const [original, clean] = [await anna.fetch(shot.url), await anna.fetch(`${shot.cleanUrl}?download=1`)];
    const [before, after] = [Buffer.from(await original.arrayBuffer()), Buffer.from(await clean.arrayBuffer())];
    expect(before.toString('latin1')).toMatch(TRACES);
    expect(after.toString('latin1')).not.toMatch(TRACES);
    expect((await sharp(after).raw().toBuffer()).equals(await sharp(before).raw().toBuffer())).toBe(true);
    expect([clean.headers.get('content-type'), clean.headers.get('content-disposition')]).toEqual([
      'image/png',
      'attachment; filename="Shot_00001_.png"',
    ]);
    expect(clean.headers.get('etag')).not.toBe(original.headers.get('etag'));
  });

  test('the workflow for the editor, and the API format', async () => {
    const editor = await anna.fetch(`${shot.workflowUrl}?download=1`);
    expect([editor.status, editor.headers.get('content-type'), await editor.json()]).toEqual([
      200,
      'application/json; charset=utf-8',
      workflow,
    ]);
    const disposition = editor.headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; /);
    expect(decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1] ?? '')).toBe(
      `Portrait 雨${shot.seed === null ? '' : ` ${shot.seed}`}.json`,
    );
    const api = await anna.fetch(shot.apiWorkflowUrl);
    expect(await api.json()).toMatchObject({ '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'Shot' } } });
    expect(api.headers.get('content-disposition')).toMatch(/^inline; /);
    const plain = await run(anna, { prompt: picture() });
    const none = await anna.fetch(plain.workflowUrl);
    expect([none.status, await none.text()]).toEqual([404, expect.stringContaining('only its API format')]);
  });

  test('for the owner and the operator only', async () => {
    const missing = await (await ben.fetch('/files/none/x.png')).text();
    for (const path of [shot.thumbUrl, shot.cleanUrl, shot.workflowUrl, shot.apiWorkflowUrl]) {
      expect(await statusOf(anna, path)).toBe(200);
      expect((await product.operator.fetch(path ?? '')).status).toBe(200);
      const foreign = await ben.fetch(path ?? '');
      expect([foreign.status, await foreign.text()]).toEqual([404, missing]);
      expect((await product.visitor().fetch(path ?? '')).status).toBe(401);
    }
  });

  describe('on the class wall', () => {
    const wall = () => `/files/${shot.id}/wall`;
    const hang = (onWall: boolean) => anna.api.results.hang.mutate({ ids: [shot.id], onWall });
    const seen = async (who = ben) => [await statusOf(who, wall()), await statusOf(who, `${wall()}-thumb`)];

    test('it is seen by everybody who is signed in, clean and without its name, while it hangs', async () => {
      expect(await seen()).toEqual([404, 404]);
      // Not even by its owner: there is no such address then.
      expect(await seen(anna)).toEqual([404, 404]);
      await hang(true);
      expect(await seen()).toEqual([200, 200]);
      expect((await product.visitor().fetch(wall())).status).toBe(401);
      const shown = await ben.fetch(wall());
      expect(Buffer.from(await shown.arrayBuffer()).toString('latin1')).not.toMatch(TRACES);
      expect([shown.headers.get('cache-control'), shown.headers.get('content-disposition')]).toEqual([
        'private, no-cache',
        null,
      ]);
      for (const path of [shot.url, shot.cleanUrl, shot.thumbUrl, shot.workflowUrl])
        expect(await statusOf(ben, path)).toBe(404);
      const etag = shown.headers.get('etag') ?? '';
      expect(await statusFor(ben, wall(), { 'if-none-match': etag })).toBe(304);
      await hang(false);
      expect(await statusFor(ben, wall(), { 'if-none-match': etag })).toBe(404);
      expect(await seen()).toEqual([404, 404]);
    });

    test('not once it is moved to the trash', async () => {
      await hang(true);
      await anna.api.results.remove.mutate({ ids: [shot.id] });
      expect(await seen()).toEqual([404, 404]);
      await anna.api.results.restore.mutate({ ids: [shot.id] });
      expect(await seen()).toEqual([404, 404]);
    });

    test('not while its owner is disabled', async () => {
      const carla = await product.participant('Carla');
      const theirs = await run(carla, { prompt: picture() });
      await carla.api.results.hang.mutate({ ids: [theirs.id], onWall: true });
      expect(await statusOf(ben, `/files/${theirs.id}/wall`)).toBe(200);
      for (const enabled of [false, true]) {
        await product.operator.api.admin.participants.setEnabled.mutate({ id: carla.id, enabled });
        for (const path of ['wall', 'wall-thumb'])
          expect(await statusOf(ben, `/files/${theirs.id}/${path}`)).toBe(enabled ? 200 : 404);
      }
    });
  });

  test.skipIf(!hasFfmpeg)('a film (skipped without ffmpeg)', async () => {
    const film = await run(anna, {
      prompt: {
        '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 48, batch_size: 8, color: 0x4080c0 } },
        '5': { class_type: 'CreateVideo', inputs: { images: ['1', 0], fps: 8 } },
        '9': {
          class_type: 'SaveVideo',
          inputs: { video: ['5', 0], filename_prefix: 'film', format: 'auto', codec: 'auto' },
        },
      },
    });
    const board = await anna.fetch(film.storyboardUrl ?? '');
    expect([board.status, board.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(await statusOf(anna, film.cleanUrl)).toBe(200);
    const proxy = await until('the version for browsers', async () => {
      const answer = await anna.fetch(film.proxyUrl ?? '');
      if (answer.status === 202) expect(answer.headers.get('retry-after')).toBe('2');
      return answer.status !== 202 && answer;
    });
    expect([proxy.status, proxy.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    const part = await anna.fetch(film.proxyUrl ?? '', { headers: { range: 'bytes=0-9' } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    await anna.api.results.hang.mutate({ ids: [film.id], onWall: true });
    const [hung] = (await ben.api.wall.list.query()).items;
    for (const url of [hung?.url, hung?.proxyUrl]) {
      const shown = Buffer.from(await (await ben.fetch(url ?? '')).arrayBuffer()).toString('latin1');
      expect(shown).toContain('ftyp');
      expect(shown).not.toMatch(TRACES);
    }
  });

  test.skipIf(!hasFfmpeg)('a sound has its waveform (skipped without ffmpeg)', async () => {
    const sound = await run(anna, {
      prompt: {
        '2': { class_type: 'EmptyAudio', inputs: { duration: 1, sample_rate: 48_000, channels: 2 } },
        '9': { class_type: 'SaveAudio', inputs: { audio: ['2', 0], filename_prefix: 'song' } },
      },
    });
    expect(await (await anna.fetch(sound.waveformUrl ?? '')).json()).toEqual(Array(400).fill(0));
    expect(await statusOf(ben, `/files/${sound.id}/wall-waveform`)).toBe(404);
    await anna.api.results.hang.mutate({ ids: [sound.id], onWall: true });
    const [hung] = (await ben.api.wall.list.query()).items;
    expect(await (await ben.fetch(hung?.waveformUrl ?? '')).json()).toEqual(Array(400).fill(0));
  });

  test('what was moved to the trash long enough ago is gone from the disk, the rest stays', async () => {
    const [gone, kept] = [await run(anna, { prompt: picture() }), await run(anna, { prompt: picture() })];
    await statusOf(anna, gone.cleanUrl);
    await anna.api.results.remove.mutate({ ids: [gone.id] });
    const later = { now: () => Date.now() + RESTORABLE_MS + 1000 };
    expect(await deleteRemoved(deps)).toBe(0);
    expect(await deleteRemoved({ ...deps, clock: later })).toBe(1);
    const files = await readdir(join(product.folders.outputs, anna.name));
    expect(files).not.toContain(gone.filename);
    expect(files).toContain(kept.filename);
    expect((await readdir(thumbs())).filter((name) => name.startsWith(gone.id))).toEqual([]);
    expect([await statusOf(anna, gone.url), await statusOf(anna, kept.url)]).toEqual([404, 200]);
    expect((await readFile(join(product.folders.outputs, anna.name, kept.filename))).length).toBe(kept.bytes);
  });

  test('nothing went wrong meanwhile', () => {
    expect(product.wentWrong()).toEqual([]);
  });
});
