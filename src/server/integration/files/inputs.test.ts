import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { refusal, type Visitor } from '../testing/visitor.ts';

const WIDTH = 24;
const HEIGHT = 16;
/** A picture that nobody has yet. */
const newPicture = (): Promise<Buffer> =>
  sharp(randomBytes(WIDTH * HEIGHT * 3), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
/** What an uploaded picture is called on the share. */
const fileOf = (bytes: Uint8Array): string => `${createHash('sha256').update(bytes).digest('hex')}.png`;
const pixels = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).removeAlpha().raw().toBuffer();

const loading = (image: string, prefix = 'loaded'): Graph => ({
  '1': { class_type: 'LoadImage', inputs: { image } },
  '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: prefix } },
});

function formWith(bytes: Uint8Array, name: string, field = 'file'): FormData {
  const form = new FormData();
  form.append(field, new Blob([new Uint8Array(bytes)]), name);
  return form;
}
const post = (who: Visitor, body: RequestInit['body'], headers: Record<string, string> = {}): Promise<Response> =>
  who.fetch('/api/inputs', { method: 'POST', body: body ?? null, headers });

async function upload(who: Visitor, bytes: Uint8Array, name: string): Promise<string> {
  const response = await post(who, formWith(bytes, name));
  expect(response.status).toBe(200);
  return z.strictObject({ name: z.string() }).parse(await response.json()).name;
}

const refused = z.object({ error: z.object({ message: z.string(), data: z.object({ appError: z.string() }) }) });
async function refusalOf(response: Response): Promise<[status: number, appError: string, message: string]> {
  const { error } = refused.parse(await response.json());
  return [response.status, error.data.appError, error.message];
}

/** All of them by one question at a time: many who ask at once would take the time that the jobs need. */
const ended = async (who: Visitor, ids: readonly string[]) =>
  until('the end of all these jobs', async () => {
    const { items } = await who.api.jobs.list.query({ limit: 200 });
    const ours = items.filter(({ id, endedAt }) => ids.includes(id) && endedAt !== null);
    return ours.length === ids.length && ours;
  });

describe('inputs', () => {
  let product: ProductUnderTest;
  let inputs = '';
  let anna: TestPerson;
  let ben: TestPerson;
  /** Everything on the share's input side, what is arriving included. */
  const stored = async (): Promise<string[]> =>
    (await readdir(inputs, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);

  beforeAll(async () => {
    product = await productUnderTest({ config: { allowedOrigins: ['https://comfy.example'] } });
    inputs = join(product.folders.sfs, 'inputs');
    const [first, second] = await product.participants(['Anna', 'Ben']);
    anna = first!;
    ben = second!;
  });
  afterAll(() => product.stop());

  /** Runs these to the end. */
  const finished = async (who: Visitor, ...prompts: Graph[]) => {
    const jobs = await Promise.all(prompts.map((prompt) => who.api.jobs.submit.mutate({ prompt })));
    const done = await ended(
      who,
      jobs.map(({ id }) => id),
    );
    for (const { status, message } of done) expect([status, message]).toEqual(['completed', null]);
    return done;
  };
  const filesOf = async (who: Visitor, ...prompts: Graph[]): Promise<Buffer[]> => {
    const results = (await finished(who, ...prompts)).flatMap((job) => job.results);
    return Promise.all(results.map(async ({ url }) => Buffer.from(await (await who.fetch(url)).arrayBuffer())));
  };

  test('an uploaded picture is what the GPU loads, on whichever replica', async () => {
    const photo = await newPicture();
    const name = await upload(anna, photo, 'photo.png');
    expect(name).toBe('photo.png');
    const results = await filesOf(anna, ...Array.from({ length: 12 }, (_, at) => loading(name, `copy ${at}`)));
    expect(results).toHaveLength(12);
    for (const result of results) expect((await pixels(result)).equals(await pixels(photo))).toBe(true);
    const { replicas } = await product.fleet().control.state();
    expect(replicas.filter(({ executed }) => executed.length > 0).length).toBeGreaterThan(1);
  });

  test('names stay human in what is kept; the GPU is told the name on the share', async () => {
    const photo = await newPicture();
    const name = await upload(anna, photo, 'Größe 名.png');
    const [job] = await finished(anna, loading(`${name} [input]`));
    expect((await anna.api.jobs.graph.query({ id: job?.id ?? '' })).prompt).toEqual(loading('Größe 名.png [input]'));
    const text = await (await anna.fetch(job?.results[0]?.url ?? '')).text();
    const sent = /"image": ?"([0-9a-f]{64}\.png)"/.exec(text)?.[1];
    expect(sent).toBe(fileOf(photo));
    // A workflow that is read back from the picture runs again, for the one whose file it is.
    await finished(anna, loading(sent ?? ''));
  });

  test('a name belongs to its owner; a taken one is counted up; the same bytes are one file', async () => {
    const [one, two] = [await newPicture(), await newPicture()];
    const before = (await stored()).length;
    expect(await upload(anna, one, 'shot.png')).toBe('shot.png');
    expect(await upload(anna, one, 'shot.png')).toBe('shot.png');
    expect(await upload(anna, two, 'shot.png')).toBe('shot (1).png');
    expect(await upload(ben, two, 'shot.png')).toBe('shot.png');
    expect(await upload(ben, one, 'other.jpeg')).toBe('other.jpeg');
    expect((await stored()).length).toBe(before + 2);
    const [annas] = await filesOf(anna, loading('shot.png'));
    const [bens] = await filesOf(ben, loading('shot.png'));
    expect((await pixels(annas!)).equals(await pixels(one))).toBe(true);
    expect((await pixels(bens!)).equals(await pixels(two))).toBe(true);
  });

  test('a ComfyUI front end’s sub-folders are kept, what leads elsewhere is not', async () => {
    expect(await upload(anna, await newPicture(), 'clipspace/mask 1.png')).toBe('clipspace/mask 1.png');
    await finished(anna, loading('clipspace\\mask 1.png [input]'));
    expect(await upload(anna, await newPicture(), '../../.ssh/authorized_keys')).toBe('_ssh/authorized_keys.png');
  });

  describe('who may', () => {
    test('nobody without signing in; scripts with a token', async () => {
      const form = formWith(await newPicture(), 'a.png');
      expect(await refusalOf(await post(product.visitor(), form))).toEqual([401, 'not_signed_in', 'Please sign in.']);
      const { token } = await anna.api.session.createToken.mutate({ name: 'script' });
      const script = product.visitor({ authorization: `Bearer ${token}` });
      expect(await upload(script, await newPicture(), 'by script.png')).toBe('by script.png');
      await finished(anna, loading('by script.png'));
    });

    test('a page from elsewhere may not, unless it was named', async () => {
      const form = async () => formWith(await newPicture(), 'a.png');
      const count = (await stored()).length;
      const evil = await post(anna, await form(), { origin: 'https://evil.example' });
      expect((await refusalOf(evil)).slice(0, 2)).toEqual([403, 'foreign_origin']);
      expect((await stored()).length).toBe(count);
      const named = await post(anna, await form(), { origin: 'https://comfy.example' });
      expect(named.status).toBe(200);
      expect(named.headers.get('access-control-allow-origin')).toBe('https://comfy.example');
      expect(
        (await anna.fetch('/api/inputs', { method: 'OPTIONS', headers: { origin: 'https://comfy.example' } })).status,
      ).toBe(204);
    });

    test('a look is no upload', async () => {
      expect((await anna.fetch('/api/inputs')).status).toBe(405);
    });
  });

  describe('what is refused leaves nothing', () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
    test.each([
      ['an SVG', async () => formWith(svg, 'a.svg'), {}, /not a picture, film or sound.*SVG is not supported/],
      [
        'half a picture',
        async () => formWith((await newPicture()).subarray(0, 200), 'a.png'),
        {},
        /“a\.png” is incomplete/,
      ],
      ['an empty file', async () => formWith(Buffer.alloc(0), 'a.png'), {}, /“a\.png” is incomplete/],
      [
        'a form without the field',
        async () => formWith(await newPicture(), 'a.png', 'image'),
        {},
        /form contains no file.*"file"/,
      ],
      [
        'no form',
        async () => new Uint8Array(await newPicture()),
        { 'content-type': 'image/png' },
        /multipart\/form-data, in a field named "file"/,
      ],
      [
        'a form that is none',
        async () => 'hello',
        { 'content-type': 'multipart/form-data; boundary=x' },
        /The upload was interrupted/,
      ],
      [
        'a form that ends too soon',
        async () => `--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\nabc`,
        { 'content-type': 'multipart/form-data; boundary=x' },
        /The upload was interrupted/,
      ],
    ])('%s', async (_, body, headers, message) => {
      const before = await stored();
      const [status, appError, said] = await refusalOf(await post(anna, await body(), headers));
      expect([status, appError]).toEqual([400, 'invalid_input']);
      expect(said).toMatch(message);
      expect(await stored()).toEqual(before);
    });

    test('an upload that is cut off', async () => {
      const before = await stored();
      const body = await newPicture();
      const sending = request(new URL('/api/inputs', product.url), {
        method: 'POST',
        headers: {
          cookie: anna.cookie(),
          'content-type': 'multipart/form-data; boundary=x',
          'content-length': body.length + 10_000,
        },
      });
      sending.on('error', () => undefined);
      sending.write('--x\r\ncontent-disposition: form-data; name="file"; filename="cut.png"\r\n\r\n');
      sending.write(body);
      await until('the upload has begun', async () => (await stored()).length > before.length);
      sending.destroy();
      await until('nothing is left of it', async () => (await stored()).length === before.length);
      expect(await anna.api.inputs.missing.query({ names: ['cut.png'] })).toEqual(['cut.png']);
    });
  });

  describe('a file that is missing', () => {
    const told = async (who: Visitor, image: string) => {
      const { status, appError, message, nodeErrors } = await refusal(
        who.api.jobs.submit.mutate({ prompt: loading(image) }),
      );
      expect([status, appError]).toEqual([400, 'invalid_graph']);
      return { message, nodeErrors };
    };

    test('is told at submit: node, input and file', async () => {
      const { message, nodeErrors } = await told(anna, 'never seen.png');
      expect(message).toBe('LoadImage: File “never seen.png” not found. Add it to your uploads and run again.');
      expect(nodeErrors).toMatchObject({
        '1': {
          class_type: 'LoadImage',
          errors: [
            { type: 'custom_validation_failed', extra_info: { input_name: 'image', missing_file: 'never seen.png' } },
          ],
        },
      });
      expect(await anna.api.inputs.missing.query({ names: ['never seen.png'] })).toEqual(['never seen.png']);
    });

    test('another’s upload is, by its name and by its file’s', async () => {
      const photo = await newPicture();
      const name = await upload(anna, photo, 'private.png');
      const file = fileOf(photo);
      await finished(anna, loading(file));
      for (const image of [name, file]) expect((await told(ben, image)).message).toMatch(/File “.*” not found/);
    });

    test.each([
      ['unseen.png [temp]', 'is in a folder that other GPUs cannot read'],
      ['unseen.png [output]', 'is not one of your results'],
    ])('%s is', async (image, words) => {
      expect((await told(anna, image)).message).toContain(words);
    });

    test('class material that lies on the share is not', async () => {
      await mkdir(join(inputs, 'class'));
      const photo = await newPicture();
      await writeFile(join(inputs, 'class/reference.png'), photo);
      await writeFile(join(product.folders.sfs, 'secret.png'), photo);
      const [result] = await filesOf(ben, loading('class/reference.png'));
      expect((await pixels(result!)).equals(await pixels(photo))).toBe(true);
      for (const image of ['class/../class/reference.png', '../secret.png', join(inputs, 'class/reference.png')])
        await told(ben, image);
    });

    test('one that vanished from the share is, until it is uploaded again', async () => {
      const photo = await newPicture();
      await upload(anna, photo, 'gone.png');
      await rm(join(inputs, fileOf(photo)));
      await told(anna, 'gone.png');
      expect(await upload(anna, photo, 'gone.png')).toBe('gone.png');
      await finished(anna, loading('gone.png'));
    });

    test('one that vanishes while the job waits is told by its own name', async () => {
      const photo = await newPicture();
      await upload(anna, photo, 'late.png');
      await product.operator.api.admin.queue.pause.mutate({});
      const { id } = await anna.api.jobs.submit.mutate({ prompt: loading('late.png') });
      await rm(join(inputs, fileOf(photo)));
      await product.operator.api.admin.queue.resume.mutate();
      const [job] = await ended(anna, [id]);
      expect(job?.reason).toBe('rejected_by_worker');
      expect(JSON.stringify(job?.nodeErrors)).toContain('Invalid image file: late.png');
      expect(job?.message).toContain('late.png');
    });
  });

  test('a share that is away is told; other jobs are taken all the same', async () => {
    await upload(anna, await newPicture(), 'safe.png');
    await rename(inputs, `${inputs}-away`);
    try {
      const [status, appError, message] = await refusalOf(await post(anna, formWith(await newPicture(), 'a.png')));
      expect([status, appError]).toEqual([503, 'share_unavailable']);
      expect(message).toContain('check that the share is mounted');
      expect((await refusal(anna.api.jobs.submit.mutate({ prompt: loading('safe.png') }))).appError).toBe(
        'share_unavailable',
      );
      await finished(anna, picture());
    } finally {
      await rename(`${inputs}-away`, inputs);
    }
    await finished(anna, loading('safe.png'));
  });

  test('a file above the limit is refused with the limit, and the same connection goes on', async () => {
    await product.operator.api.admin.settings.change.mutate({ inputLimitBytes: 1_000_000 });
    const before = await stored();
    const large = formWith(Buffer.alloc(20 * 1024 * 1024), 'film.mp4');
    expect(await refusalOf(await post(anna, large))).toEqual([
      413,
      'too_large',
      '“film.mp4” is too large: a file may have at most 1.0 MB.',
    ]);
    expect(await stored()).toEqual(before);
    expect(await upload(anna, await newPicture(), 'small.png')).toBe('small.png');
  });
});
