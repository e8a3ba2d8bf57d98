import { afterEach, expect, test, vi } from 'vitest';
import type { Fetch } from './comfy.ts';
import { openFiles } from './files.ts';
import type { Server } from './server.ts';

const result = (filename: string, more: { mime?: string; preview?: boolean; bytes?: number } = {}) => ({
  id: filename,
  filename,
  url: `/files/7/${filename.split('/').at(-1)}`,
  bytes: 3,
  mime: 'image/png',
  preview: false,
  ...more,
});

type Asked = Pick<Server, 'address' | 'isSameOrigin' | 'get'>;
function files({ isSameOrigin = true, token = false, picture = async (): Promise<Response> => new Response('png') }) {
  const fetched: string[] = [];
  const server: Asked = {
    address: isSameOrigin ? '' : 'https://class.example',
    isSameOrigin,
    get(url) {
      fetched.push(url);
      return picture();
    },
  };
  return { fetched, files: openFiles(server, token) };
}
/** ComfyUI's own server, with these bytes under every name; null = it has no such file. */
const comfy =
  (bytes: number | null, asked: string[] = []): Fetch =>
  async (route, init) => {
    asked.push(`${init?.method} ${route}`);
    return bytes === null
      ? new Response(null, { status: 404 })
      : new Response(null, { headers: { 'content-length': String(bytes) } });
  };
const VIEW = '/view?filename=x_00001_.png&subfolder=shots&type=output';

afterEach(() => vi.restoreAllMocks());

test('our address keeps what was asked, so that a front end can append to it and read the name out of it', async () => {
  const { files: ours } = files({ isSameOrigin: false });
  ours.know([result('shots/x_00001_.png')]);
  await ours.ready(comfy(null), [result('shots/x_00001_.png')]);
  const address = new URL(`${ours.addressOf(`${VIEW}&rand=0.5`)}&t=1`);
  expect(address.origin + address.pathname).toBe('https://class.example/files/7/x_00001_.png');
  expect(Object.fromEntries(address.searchParams)).toEqual({
    filename: 'x_00001_.png',
    subfolder: 'shots',
    type: 'output',
    rand: '0.5',
    t: '1',
  });
});

test.each([
  ['/view?filename=x_00001_.png&subfolder=shots&type=input', 'an input'],
  ['/view?filename=other.png&subfolder=shots&type=output', 'another file'],
  ['/view?filename=x_00001_.png&type=output', 'another folder'],
  ['/viewvideo?filename=x_00001_.png&subfolder=shots', 'another route'],
  ['/object_info', 'no file'],
])('%s is ComfyUI’s own: %s', (route) => {
  const { files: ours } = files({});
  ours.know([result('shots/x_00001_.png')]);
  expect(ours.addressOf(route)).toBeNull();
});

test('a shared output folder is found out once, and then its own /view is left alone', async () => {
  const { files: ours } = files({});
  const asked: string[] = [];
  ours.know([result('shots/x_00001_.png')]);
  expect(ours.addressOf(VIEW)).not.toBeNull();
  await ours.ready(comfy(3, asked), [result('shots/x_00001_.png')]);
  await ours.ready(comfy(3, asked), [result('shots/x_00002_.png')]);
  expect(asked).toEqual([`HEAD ${VIEW}`]);
  expect(ours.addressOf(VIEW)).toBeNull();
});

test.each<[string, Fetch]>([
  ['has no such file', comfy(null)],
  ['has another file of that name', comfy(4)],
  ['does not answer', () => Promise.reject(new TypeError('Failed to fetch'))],
])('files are ours where ComfyUI’s server %s', async (_, native) => {
  const { files: ours } = files({});
  ours.know([result('shots/x_00001_.png')]);
  await ours.ready(native, [result('shots/x_00001_.png')]);
  expect(ours.addressOf(VIEW)).toMatch(/^\/files\/7\/x_00001_\.png\?/);
});

test('on another site with a token they are fetched once, and an address that is appended to still names them', async () => {
  const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:one');
  const { files: ours, fetched } = files({ isSameOrigin: false, token: true });
  ours.know([result('shots/x_00001_.png')]);
  await ours.ready(comfy(null), [result('shots/x_00001_.png')]);
  await ours.ready(comfy(null), [result('shots/x_00001_.png')]);
  expect(fetched).toEqual(['/files/7/x_00001_.png']);
  expect(made).toHaveBeenCalledOnce();
  expect(ours.addressOf(VIEW)).toBe('blob:one#');
});

test('the oldest of very many are let go, and their memory with them', async () => {
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:one');
  const freed = vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
  const { files: ours } = files({ isSameOrigin: false, token: true });
  const many = Array.from({ length: 63 }, (_, at) => result(`shots/${at}.png`));
  ours.know(many);
  await ours.ready(comfy(null), many);
  expect(freed).toHaveBeenCalledTimes(3);
  expect(ours.addressOf('/view?filename=0.png&subfolder=shots')).toMatch(/^https:/);
  expect(ours.addressOf('/view?filename=62.png&subfolder=shots')).toMatch(/^blob:/);
});

test.each<[string, () => Promise<Response>]>([
  ['is refused', async () => new Response(null, { status: 404 })],
  ['does not come', () => Promise.reject(new TypeError('Failed to fetch'))],
])('a picture that %s leaves the others alone', async (_, picture) => {
  const { files: ours } = files({ isSameOrigin: false, token: true, picture });
  ours.know([result('shots/x_00001_.png')]);
  await expect(ours.ready(comfy(null), [result('shots/x_00001_.png')])).resolves.toBeUndefined();
  expect(ours.addressOf(VIEW)).toMatch(/^https:\/\/class\.example/);
});

test('the text of a file is read once; a long one, or one that does not come, is not', async () => {
  const { files: ours, fetched } = files({ picture: async () => new Response('a fox') });
  const text = result('note.txt', { mime: 'text/plain', preview: true });
  const long = result('long.txt', { mime: 'text/plain', bytes: 100_001 });
  for (let n = 0; n < 2; n += 1) await ours.ready(comfy(null), [text, long, result('x.png')]);
  expect(fetched).toEqual(['/files/7/note.txt']);
  expect([text, long].map(ours.textOf)).toEqual(['a fox', undefined]);
  const { files: refused } = files({ picture: async () => new Response(null, { status: 404 }) });
  await refused.ready(comfy(null), [text]);
  expect(refused.textOf(text)).toBeUndefined();
});

test('a preview is where the output folder has it', async () => {
  const { files: ours } = files({});
  ours.know([result('shots/x_00001_.png', { preview: true })]);
  expect(ours.addressOf('/view?filename=x_00001_.png&subfolder=.previews/shots&type=output')).not.toBeNull();
  expect(ours.addressOf(VIEW)).toBeNull();
});
