import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FrontEnd } from '#src/domain/front-end/front-end.ts';
import type { FrontEndStore } from '#src/ports/comfyui/front-end.ts';
import { readGivenFrontEnd } from './given.ts';
import { createFrontEndStore } from './store.ts';

let dir: string;
let store: FrontEndStore;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'given-'));
  store = createFrontEndStore(join(dir, 'store'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** `claims`: how long the file says it is. */
type Packed = { name: string; text: string; claims?: number };

function zipOf(files: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, text, claims = Buffer.byteLength(text) } of files) {
    const packed = deflateRawSync(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(text), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claims, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fields, place, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}
async function wheel(files: readonly Packed[]): Promise<string> {
  const path = join(dir, 'comfyui_frontend_package.whl');
  await writeFile(path, zipOf(files));
  return path;
}
async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const root = join(dir, 'given');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}
const PAGE = '<script type="module" src="./assets/index-AbCdEf12.js"></script>';
const textOf = async (one: FrontEnd, path: string) => {
  const file = one.files.get(path);
  return file ? Buffer.from((await store.read(file)) ?? '').toString() : null;
};

test('a wheel: its page, files, version and extensions', async () => {
  const path = await wheel([
    { name: 'comfyui_frontend_package/__init__.py', text: 'code' },
    { name: 'comfyui_frontend_package/static/index.html', text: PAGE },
    { name: 'comfyui_frontend_package/static/assets/index-AbCdEf12.js', text: 'export {}' },
    { name: 'comfyui_frontend_package/static/extensions/core/a.js', text: 'shim' },
    { name: 'comfyui_frontend_package-1.45.6.dist-info/METADATA', text: 'Version: 1.45.6' },
  ]);
  const given = await readGivenFrontEnd(path, store.put);
  expect(given).toMatchObject({ versions: { frontEnd: '1.45.6' }, extensions: ['extensions/core/a.js'] });
  expect([...given.files.keys()].sort()).toEqual(['assets/index-AbCdEf12.js', 'extensions/core/a.js', 'index.html']);
  expect(await textOf(given, 'index.html')).toBe(PAGE);
  expect(given.files.get('assets/index-AbCdEf12.js')?.type).toBe('text/javascript; charset=utf-8');
});

test.each(['', 'static/', 'dist/', 'comfyui_frontend_package/static/'])(
  'a folder with the page in “%s”',
  async (place) => {
    const root = await folder({ [`${place}index.html`]: PAGE, [`${place}fonts/a.woff2`]: 'font', 'other.txt': 'x' });
    const given = await readGivenFrontEnd(root, store.put);
    expect(await textOf(given, 'fonts/a.woff2')).toBe('font');
    expect(await textOf(given, 'index.html')).toBe(PAGE);
  },
);

test('links in a folder are not followed', async () => {
  const root = await folder({ 'index.html': PAGE });
  await writeFile(join(dir, 'secret.txt'), 'secret');
  await symlink(join(dir, 'secret.txt'), join(root, 'link.txt'));
  expect([...(await readGivenFrontEnd(root, store.put)).files.keys()]).toEqual(['index.html']);
});

describe('what is wrong is said in words', () => {
  test.each<[string, () => Promise<string>, string]>([
    [
      'no zip',
      async () => join(await folder({ 'x.whl': 'no zip at all, whatever its name says it is' }), 'x.whl'),
      'cannot be read',
    ],
    [
      'no page',
      () => wheel([{ name: 'other/index.htm', text: '' }]),
      'has no index.html: it is no front end of ComfyUI.',
    ],
    [
      'a file that is longer than it says',
      () => wheel([{ name: 'index.html', text: 'x'.repeat(1e6), claims: 10 }]),
      'cannot be read',
    ],
    [
      'a file that is too large',
      () => wheel([{ name: 'index.html', text: '', claims: 100e6 }]),
      'index.html has more than 34 MB',
    ],
    ['a name that leads elsewhere', () => wheel([{ name: '../index.html', text: PAGE }]), 'cannot be read'],
    ['nothing there', async () => join(dir, 'nothing.whl'), 'cannot be read (ENOENT)'],
  ])('%s', async (_, make, words) => {
    const path = await make();
    await expect(readGivenFrontEnd(path, store.put)).rejects.toThrow(words);
    await expect(readGivenFrontEnd(path, store.put)).rejects.toThrow(/^COMFYUI_FRONTEND "/);
  });
});
