import { expect, test } from 'vitest';
import { shareError } from '#src/adapters/files/file-errors.ts';
import { createFolderLogOnce } from './folder-log-once.ts';

function watching(folders: number) {
  const lines: string[] = [];
  const say = (level: string) => (facts: object, message: string) =>
    void lines.push(`${level}: ${message}${'folders' in facts ? ` (${facts.folders})` : ''}`);
  const logOnce = createFolderLogOnce({
    debug: () => undefined,
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
  });
  const all = Array.from({ length: folders }, (_, i) => `comfyume/${i}`);
  const fail = (code: string, which = all) => {
    for (const folder of which)
      logOnce.failed(folder, {}, shareError(Object.assign(new Error(code), { code }), folder));
  };
  const over = (which = all) => {
    for (const folder of which) logOnce.over(folder);
  };
  return { lines, all, fail, over, logOnce };
}

const GONE = 'warn: cannot scan the folders of attempts, retrying';
const back = (folders: number) => `info: all folders of attempts can be scanned again (${folders})`;

test('a share that goes away with 40 folders is one line, and one when it is back', () => {
  const { lines, all, fail, over, logOnce } = watching(40);
  over();
  expect(lines).toEqual([]);
  for (let look = 0; look < 3; look += 1) fail('ENOENT');
  logOnce.noHints({}, new Error('EIO'));
  expect(lines).toEqual([GONE]);
  over(all.slice(0, 39));
  expect(lines).toEqual([GONE]);
  over();
  over();
  expect(lines).toEqual([GONE, back(40)]);
  fail('ENOENT', all.slice(0, 2));
  over();
  logOnce.noHints({}, new Error('ENOSPC'));
  expect(lines.slice(2)).toEqual([GONE, back(2), 'warn: cannot watch a folder, scanning only']);
});

test('one folder in trouble does not hide that the share goes away later', () => {
  const { lines, all, fail, over } = watching(3);
  fail('EACCES', all.slice(0, 1));
  fail('ESTALE');
  over();
  expect(lines).toEqual([GONE, GONE, back(3)]);
});
