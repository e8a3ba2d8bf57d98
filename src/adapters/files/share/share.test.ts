import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createShare } from './share.ts';
import { detectShareMode } from './share-mode.ts';

const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000 });

const isRoot = process.getuid?.() === 0;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"></svg>';
let base: string;
let root: string;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'share-')));
  root = join(base, 'outputs');
  await mkdir(join(root, 'attempt', 'node'), { recursive: true });
});
afterEach(() => rm(base, { recursive: true, force: true }));

const share = () => createShare({ outputsDir: root, mode: 'events' });
const paths = async (folder = 'attempt') => (await share().list(folder)).files.map((file) => file.path);

describe('removeIfEmpty', () => {
  const left = async () => (await readdir(root, { recursive: true })).sort();

  test('removes folders without a file, and does not mind when they are gone', async () => {
    await share().makeFolder('attempt/node/below');
    await share().removeIfEmpty('attempt');
    expect(await left()).toEqual([]);
    await share().removeIfEmpty('attempt');
  });

  test('keeps every file, and what leads elsewhere', async () => {
    await writeFile(join(root, 'attempt', 'node', 'a.png'), 'x');
    await mkdir(join(base, 'elsewhere', 'empty'), { recursive: true });
    await symlink(join(base, 'elsewhere'), join(root, 'linked'));
    await mkdir(join(root, 'other'));
    await symlink(join(base, 'elsewhere'), join(root, 'other', 'link'));
    const before = await left();
    for (const folder of ['attempt', 'linked', 'other']) await share().removeIfEmpty(folder);
    expect(await left()).toEqual(before);
    expect(await readdir(join(base, 'elsewhere'))).toEqual(['empty']);
  });
});

describe('list', () => {
  test('finds regular files in any depth, with size and time', async () => {
    await writeFile(join(root, 'attempt', 'a ü.png'), 'abc');
    await writeFile(join(root, 'attempt', 'node', 'b.png'), '');
    const { mtimeMs } = await stat(join(root, 'attempt', 'a ü.png'));
    const { files } = await share().list('attempt');
    expect(files).toContainEqual({ path: 'a ü.png', bytes: 3, mtimeMs });
    expect(files.map((file) => file.path)).toEqual(['a ü.png', 'node/b.png']);
  });

  test('a folder that is not there has no files', async () => {
    expect(await paths('nobody')).toEqual([]);
    await writeFile(join(root, 'file'), '');
    expect(await paths('file/below')).toEqual([]);
  });

  test('links are not files, folders or attempts', async () => {
    await mkdir(join(base, 'elsewhere'));
    await writeFile(join(base, 'elsewhere', 'secret.png'), 'x');
    await symlink(join(base, 'elsewhere', 'secret.png'), join(root, 'attempt', 'link.png'));
    await symlink(join(base, 'elsewhere'), join(root, 'attempt', 'folder'));
    await symlink(join(base, 'elsewhere'), join(root, 'linked'));
    await symlink(join(root, 'attempt'), join(root, 'other'));
    for (const folder of ['attempt', 'linked', 'other', 'other/node']) expect(await paths(folder)).toEqual([]);
  });

  test('the share itself may be reached through a link', async () => {
    await writeFile(join(root, 'attempt', 'a.png'), 'x');
    await symlink(root, join(base, 'mount'));
    const { files } = await createShare({ outputsDir: join(base, 'mount'), mode: 'poll' }).list('attempt');
    expect(files.map((file) => file.path)).toEqual(['a.png']);
  });

  test('a name with a line break is found; one that is no text is told', async () => {
    await writeFile(join(root, 'attempt', 'line\nbreak.png'), 'x');
    await writeFile(join(root, 'attempt', 'good.png'), 'x');
    expect(await share().list('attempt')).toMatchObject({
      files: [{ path: 'good.png' }, { path: 'line\nbreak.png' }],
      leftOut: [],
    });
    for (const ending of [0xfe, 0xff])
      await writeFile(Buffer.concat([Buffer.from(join(root, 'attempt', 'bad')), Buffer.from([ending])]), 'x');
    const { files, leftOut } = await share().list('attempt');
    expect(files.length).toBe(2);
    expect(leftOut).toEqual(['2 file names are not UTF-8 and cannot be read.']);
  });

  test('junk is not there', async () => {
    await mkdir(join(root, 'attempt', '.snapshot'));
    for (const name of ['._a.png', '.a.png.Xy12Ab', 'a.png.part', 'a.tmp', 'Thumbs.db', '.snapshot/a.png', 'a.png'])
      await writeFile(join(root, 'attempt', name), 'x');
    expect(await share().list('attempt')).toMatchObject({ files: [{ path: 'a.png' }], leftOut: [] });
  });

  test('looks 12 levels deep and at 50,000 files, and tells of more', { timeout: 120_000 }, async () => {
    const level = (depth: number) => join(root, 'attempt', ...Array<string>(depth - 1).fill('d'));
    await mkdir(level(13), { recursive: true });
    await writeFile(join(level(12), 'in'), '');
    await writeFile(join(level(13), 'out'), '');
    expect(await paths()).toEqual([`${'d/'.repeat(11)}in`]);
    expect((await share().list('attempt')).leftOut).toEqual(['1 folder lies too deep: more than 12 levels.']);
    await mkdir(join(root, 'many'));
    for (let index = 0; index < 50_010; index++) writeFileSync(join(root, 'many', `${index}`), '');
    const { files, leftOut } = await share().list('many');
    expect(files.length).toBe(50_000);
    expect(leftOut).toEqual(['Only 50,000 files of a run are delivered. The rest stay on the share.']);
  });

  test.each(['', '..', '../x', 'a/../../x', '/etc', 'a//b', 'a/', './a', 'a\0b'])(
    'refuses the folder %j',
    async (folder) => {
      await expect(share().list(folder)).rejects.toMatchObject({ code: 'invalid_input' });
      await expect(share().watch(folder, () => {})).rejects.toMatchObject({ code: 'invalid_input' });
      await expect(share().examine('attempt', folder)).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  test.skipIf(isRoot)('says so when the share does not let us in', async () => {
    await chmod(join(root, 'attempt'), 0o000);
    await expect(share().list('attempt')).rejects.toMatchObject({ code: 'share_unavailable' });
    await chmod(join(root, 'attempt'), 0o755);
  });

  test('says so when the share answers with an error', async () => {
    await symlink('loop', join(base, 'loop'));
    const broken = createShare({ outputsDir: join(base, 'loop'), mode: 'poll' });
    await expect(broken.list('attempt')).rejects.toMatchObject({
      code: 'share_unavailable',
      message: expect.stringContaining('ELOOP'),
      cause: expect.objectContaining({ code: 'ELOOP' }),
    });
  });
});

describe('examine', () => {
  test('judges by content', async () => {
    await writeFile(join(root, 'attempt', 'node', 'a.png'), SVG);
    await writeFile(join(root, 'attempt', 'b.svg'), SVG.slice(0, -1));
    expect(await share().examine('attempt', 'node/a.png')).toMatchObject({ state: 'whole', mime: 'image/svg+xml' });
    expect(await share().examine('attempt', 'b.svg')).toMatchObject({ state: 'growing' });
    expect(await share().examine('attempt', 'gone.svg')).toMatchObject({ state: 'growing' });
  });

  test('follows no link and waits for no pipe', async () => {
    await writeFile(join(base, 'secret.svg'), SVG);
    await symlink(join(base, 'secret.svg'), join(root, 'attempt', 'link.svg'));
    await symlink(base, join(root, 'attempt', 'up'));
    execFileSync('mkfifo', [join(root, 'attempt', 'pipe.svg')]);
    for (const path of ['link.svg', 'up/secret.svg', 'pipe.svg', 'node']) {
      expect([path, await share().examine('attempt', path)]).toMatchObject([path, { state: 'broken' }]);
    }
  });

  test('a film of 10 GB takes no more than a moment', async () => {
    const box = (type: string, length: number) => {
      const head = Buffer.alloc(16);
      head.writeUInt32BE(1);
      head.write(type, 4, 'latin1');
      head.writeBigUInt64BE(BigInt(length), 8);
      return head;
    };
    const handle = await open(join(root, 'attempt', 'film.mp4'), 'w');
    const size = 10 * 2 ** 30;
    await handle.write(box('ftyp', 32), 0, 16, 0);
    await handle.write(box('mdat', size - 32), 0, 16, 32);
    await handle.truncate(size);
    await handle.close();
    const before = process.resourceUsage().maxRSS;
    expect(await share().examine('attempt', 'film.mp4')).toMatchObject({ state: 'growing' });
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(50_000);
  });

  test.skipIf(process.platform !== 'linux')('leaves no file open', async () => {
    await writeFile(join(root, 'attempt', 'a.svg'), SVG);
    for (const path of ['a.svg', 'node', 'gone']) await share().examine('attempt', path);
    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    );
    expect(open.filter((file) => file.startsWith(base))).toEqual([]);
  });
});

describe('watch', () => {
  const stops: (() => Promise<void>)[] = [];
  const watch = async (folder: string, hint: () => void) => {
    const stop = await share().watch(folder, hint);
    stops.push(stop);
    return stop;
  };
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });

  test('makes the folder, open to the worker, and reports what is put there', async () => {
    const hint = vi.fn();
    await watch('day/attempt', hint);
    expect((await stat(join(root, 'day'))).mode & 0o777).toBe(0o777);
    expect((await stat(join(root, 'day', 'attempt'))).mode & 0o777).toBe(0o777);
    expect((await stat(join(root, 'attempt'))).mode & 0o777).not.toBe(0o777);
    await mkdir(join(root, 'day', 'attempt', 'x', 'y'), { recursive: true });
    await writeFile(join(root, 'day', 'attempt', 'x', 'y', 'a.png'), 'x');
    await eventually(() => expect(hint).toHaveBeenCalled());
  });

  test('a hint follows the last of many quick writes, also far down', async () => {
    let seenBytes = 0;
    const file = join(root, 'attempt', 'new', 'deep', 'a.png');
    await watch('attempt', async () => {
      seenBytes = Math.max(seenBytes, (await stat(file).catch(() => null))?.size ?? 0);
    });
    await mkdir(join(root, 'attempt', 'new', 'deep'), { recursive: true });
    for (let count = 0; count < 200; count++) await appendFile(file, 'x');
    await eventually(() => expect(seenBytes).toBe(200));
  });

  test('a file that follows its new folder at any distance is reported', async () => {
    const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
    for (let turns = 0; turns < 12; turns++) {
      const folder = join(root, `${turns}`, 'new', 'deep');
      let seen = false;
      await watch(`${turns}`, () => {
        seen ||= existsSync(join(folder, 'a.png'));
      });
      await mkdir(folder, { recursive: true });
      for (let turn = 0; turn < turns; turn++) await nextTurn();
      await writeFile(join(folder, 'a.png'), 'x');
      await eventually(() => expect(seen).toBe(true));
    }
  });

  test('a file that is moved into place is reported', async () => {
    const hint = vi.fn();
    await writeFile(join(base, 'a.png'), 'x');
    await watch('attempt', hint);
    hint.mockClear();
    await rename(join(base, 'a.png'), join(root, 'attempt', 'a.png'));
    await eventually(() => expect(hint).toHaveBeenCalled());
  });

  test('100 folders, each with its own hints', async () => {
    const hinted = new Set<number>();
    const folders = Array.from({ length: 100 }, (_, index) => index);
    await Promise.all(folders.map((index) => watch(`many/${index}`, () => hinted.add(index))));
    hinted.clear();
    await Promise.all(
      folders.map(async (index) => {
        await mkdir(join(root, 'many', `${index}`, 'node'));
        await writeFile(join(root, 'many', `${index}`, 'node', 'a.png'), 'x');
      }),
    );
    await eventually(() => expect(hinted.size).toBe(100));
  });

  test('stopping is complete: no hints, no handles', async () => {
    const handles = () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
    const before = handles();
    const hint = vi.fn();
    await mkdir(join(root, 'attempt', 'x', 'y'), { recursive: true });
    const stop = await watch('attempt', hint);
    await eventually(() => expect(handles()).toBeGreaterThan(before));
    await stop();
    await eventually(() => expect(handles()).toBe(before));
    hint.mockClear();
    await writeFile(join(root, 'attempt', 'late.png'), 'x');
    const seen = vi.fn();
    await watch('other', seen);
    await writeFile(join(root, 'other', 'a.png'), 'x');
    await eventually(() => expect(seen).toHaveBeenCalled());
    expect(hint).not.toHaveBeenCalled();
  });

  test('a folder behind a link is neither made nor watched', async () => {
    await mkdir(join(base, 'elsewhere'));
    await symlink(join(base, 'elsewhere'), join(root, 'linked'));
    await (await share().watch('linked/attempt', () => {}))();
    expect(existsSync(join(base, 'elsewhere', 'attempt'))).toBe(false);
  });

  test('polling leaves everything to the scan', async () => {
    await (await createShare({ outputsDir: root, mode: 'poll' }).watch('new', () => {}))();
    expect(existsSync(join(root, 'new'))).toBe(false);
  });

  test.skipIf(isRoot)('a read-only share has no events', async () => {
    await chmod(root, 0o555);
    await (await share().watch('new', () => {}))();
    await chmod(root, 0o755);
    expect(existsSync(join(root, 'new'))).toBe(false);
  });
});

test('a local folder has events, also before it is made', async () => {
  expect(await detectShareMode(root)).toBe('events');
  expect(await detectShareMode(join(root, 'not', 'yet'))).toBe('events');
});
