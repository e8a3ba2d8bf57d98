import { describe, expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import type { FolderFacts } from './folder-report.ts';
import { type ShareFacts, type ShareUse, shareReport } from './mount-report.ts';
import { type Mount, parseMountinfo } from './mountinfo.ts';

const mounted = (type: string, options: string): Mount | null =>
  parseMountinfo(`1 2 0:1 / /mnt/sfs rw - ${type} nas:/class ${options}`)[0] ?? null;
const got = <T>(value: T) => ({ type: 'got', value }) as const;
const failed = (code: string) => ({ type: 'failed', code }) as const;
const silent = { type: 'silent' } as const;
const writable: FolderFacts = { type: 'writable', skewMs: 3, events: 'seen' };

const NFS: ShareFacts = {
  dir: '/mnt/sfs',
  waitedMs: 5000,
  root: got(null),
  mount: mounted('nfs4', 'rw,actimeo=1'),
  remote: got(true),
  outputs: got(writable),
  inputs: got(writable),
  free: got(200 * 1000 ** 3),
};
const DISK: ShareFacts = { ...NFS, mount: mounted('ext4', 'rw'), remote: got(false) };
const USE: ShareUse = { watch: 'auto', pollMs: 1000, workersElsewhere: true, madeAtStart: false };

const report = (facts: ShareFacts, use: Partial<ShareUse> = {}) => shareReport(facts, { ...USE, ...use });
const bad = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== 'ok');
const about = (what: string, findings: readonly Finding[]) => findings.filter((finding) => finding.what === what);

describe('a share as it should be', () => {
  test('NFS with a short cache', () => {
    expect(report(NFS).map(({ level, what }) => `${level} ${what}`)).toEqual([
      'ok Share',
      'ok Attribute cache',
      'ok Outputs',
      'ok Inputs',
      'ok Events',
      'ok Clock',
      'ok Free space on the share',
    ]);
  });

  test('a disk of this machine, with the GPUs here too', () => {
    const findings = report(DISK, { workersElsewhere: false });
    expect(bad(findings)).toEqual([]);
    expect(about('Attribute cache', findings)).toEqual([]);
    expect(about('Events', findings)[0]?.sentence).toBe('A test file raised an event immediately.');
  });

  test('outputs that are read-only are enough, and that is said', () => {
    for (const code of ['EROFS', 'EACCES', 'EPERM']) {
      const findings = report({ ...NFS, outputs: got({ type: 'refused', code }) });
      expect(bad(findings)).toEqual([]);
      expect(about('Outputs', findings)[0]?.sentence).toContain('is read-only here. That is enough');
    }
  });

  test('folders that the start will make', () => {
    expect(report({ ...DISK, root: failed('ENOENT'), mount: null }, { madeAtStart: true })).toEqual([
      { level: 'ok', what: 'Share', sentence: '/mnt/sfs is created at the first start.', doThis: null },
    ]);
  });
});

describe('what is not as it should be', () => {
  const refused = (code: string) => got<FolderFacts>({ type: 'refused', code });
  test.each<[string, Partial<ShareFacts>, Partial<ShareUse>, [Finding['level'], string, RegExp][]]>([
    [
      'not there',
      { root: failed('ENOENT') },
      {},
      [['fault', 'Share', /SFS_DIR is \/mnt\/sfs, but that folder does not exist/]],
    ],
    ['stale', { root: failed('ESTALE') }, {}, [['fault', 'Share', /is stale \(ESTALE\)/]]],
    ['broken FUSE', { root: failed('ENOTCONN') }, {}, [['fault', 'Share', /is stale \(ENOTCONN\)/]]],
    ['not ours to read', { root: failed('EACCES') }, {}, [['fault', 'Share', /not readable for the user/]]],
    ['an I/O error', { root: failed('EIO') }, {}, [['fault', 'Share', /cannot be read \(EIO\)/]]],
    [
      'it hangs',
      { root: silent, remote: silent, outputs: silent, inputs: silent, free: silent },
      {},
      [['fault', 'Share', /\/mnt\/sfs \(nfs4 from nas:\/class\) did not respond within 5 s/]],
    ],
    ['it begins to hang in the middle', { inputs: silent }, {}, [['fault', 'Share', /did not respond/]]],
    [
      'it is not mounted: the folder lies on our own disk',
      { mount: mounted('ext4', 'rw'), remote: got(false) },
      {},
      [['warn', 'Share', /a local disk, while the GPUs are on other machines/]],
    ],
    [
      'the default of NFS',
      { mount: mounted('nfs4', 'rw,vers=4.2') },
      {},
      [['warn', 'Attribute cache', /^No cache time is set.*up to 60 s.* 61 s after/]],
    ],
    [
      'a long cache',
      { mount: mounted('cifs', 'rw,actimeo=30') },
      { pollMs: 500 },
      [['warn', 'Attribute cache', /up to 30 s: .* 30\.5 s after/]],
    ],
    [
      'no outputs',
      { outputs: got({ type: 'missing' }) },
      {},
      [['fault', 'Outputs', /folder \/mnt\/sfs\/outputs does not exist/]],
    ],
    [
      'outputs unreadable',
      { outputs: got({ type: 'unreadable', code: 'EACCES' }) },
      {},
      [['fault', 'Outputs', /cannot be read \(EACCES\)/]],
    ],
    ['outputs full', { outputs: refused('ENOSPC') }, {}, [['fault', 'Outputs', /is full \(ENOSPC\)/]]],
    ['over the quota', { inputs: refused('EDQUOT') }, {}, [['fault', 'Inputs', /is full \(EDQUOT\)/]]],
    ['outputs that fail', { outputs: refused('EIO') }, {}, [['warn', 'Outputs', /cannot be written to \(EIO\)/]]],
    ['no inputs', { inputs: got({ type: 'missing' }) }, {}, [['warn', 'Inputs', /nobody can upload inputs/]]],
    ['inputs read-only', { inputs: refused('EROFS') }, {}, [['warn', 'Inputs', /\(EROFS\), so nobody can upload/]]],
    ['events that cannot come', {}, { watch: 'events' }, [['warn', 'Events', /raises no events .*, but SFS_WATCH/]]],
    [
      'events that do not come',
      { ...DISK, outputs: got({ ...writable, events: 'not seen' }) },
      { workersElsewhere: false },
      [['warn', 'Events', /raised no event; the folders of running jobs are scanned every 1 s/]],
    ],
    [
      'no watches left',
      { ...DISK, outputs: got({ ...writable, events: { code: 'ENOSPC' } }) },
      { workersElsewhere: false },
      [['warn', 'Events', /cannot be watched \(ENOSPC\)/]],
    ],
    [
      'a clock ahead',
      { outputs: got({ ...writable, skewMs: 90_500 }) },
      {},
      [['warn', 'Clock', /90\.5 s ahead of ours/]],
    ],
    [
      'a clock behind, told by the inputs',
      { outputs: refused('EROFS'), inputs: got({ ...writable, skewMs: -7000 }) },
      {},
      [['warn', 'Clock', /7 s behind ours/]],
    ],
    ['little room', { free: got(2 * 1000 ** 3) }, {}, [['warn', 'Free space on the share', /Only 2.0 GB/]]],
    ['no room', { free: got(7 * 1000 ** 2) }, {}, [['fault', 'Free space on the share', /Only 7.0 MB/]]],
    ['room that cannot be told', { free: failed('ENOSYS') }, {}, [['warn', 'Free space on the share', /ENOSYS/]]],
  ])('%s', (_, facts, use, expected) => {
    const found = bad(report({ ...NFS, ...facts }, use));
    expect(found.map(({ level, what }) => [level, what])).toEqual(expected.map(([level, what]) => [level, what]));
    for (const [index, [, , words]] of expected.entries()) {
      expect(found[index]?.sentence).toMatch(words);
      expect(found[index]?.doThis).not.toBeNull();
    }
  });

  test('where nothing can be written nothing is tried, and that is said', () => {
    const none = got<FolderFacts>({ type: 'refused', code: 'EROFS' });
    const findings = report({ ...DISK, outputs: none, inputs: none }, { workersElsewhere: false });
    expect(about('Events', findings)[0]?.sentence).toContain('cannot be tested');
    expect(about('Clock', findings)[0]?.sentence).toContain('cannot be checked');
  });

  test('the mount is not known on every system', () => {
    const [share] = report({ ...NFS, mount: null });
    expect(share).toMatchObject({ level: 'ok', doThis: expect.stringContaining('actimeo=1') });
  });

  test('FUSE does not tell what it caches', () => {
    const findings = report({ ...NFS, mount: mounted('fuse.sshfs', 'rw') });
    expect(about('Attribute cache', findings)).toMatchObject([
      { level: 'ok', sentence: expect.stringContaining('does not report') },
    ]);
  });
});

test('every sentence is one, and so is every advice', () => {
  const findings = report({ ...NFS, free: got(1), inputs: got({ type: 'missing' }) });
  for (const { sentence } of findings) expect(sentence).toMatch(/^.+[.]$/);
});
