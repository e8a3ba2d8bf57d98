import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attributeCache, type Mount, mountOf, parseMountinfo } from './mountinfo.ts';

const NFS4 =
  '412 29 0:52 / /mnt/sfs rw,relatime shared:223 - nfs4 nfs.fin-01.example:/class-7f3a rw,vers=4.2,rsize=1048576,wsize=1048576,namlen=255,hard,proto=tcp,nconnect=16,timeo=600,retrans=2,sec=sys,clientaddr=10.0.0.5,local_lock=none,addr=10.0.0.9';
const ROOT = '29 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard';

const only = (line: string): Mount => {
  const [mount, ...others] = parseMountinfo(line);
  if (!mount || others.length > 0) throw new Error(`This is not one mount: ${line}`);
  return mount;
};

describe('a line of mountinfo', () => {
  test.each([
    ['a disk', ROOT, { point: '/', type: 'ext4', source: '/dev/vda1', readOnly: false }],
    ['NFS v4', NFS4, { point: '/mnt/sfs', type: 'nfs4', source: 'nfs.fin-01.example:/class-7f3a', readOnly: false }],
    [
      'NFS v3, read-only',
      '60 29 0:53 / /srv/sfs ro,relatime - nfs 10.0.0.9:/x ro,vers=3,hard,nolock,proto=tcp,mountaddr=10.0.0.9',
      { point: '/srv/sfs', type: 'nfs', source: '10.0.0.9:/x', readOnly: true },
    ],
    [
      'FUSE',
      '61 29 0:54 / /mnt/s3 rw,nosuid,nodev - fuse.rclone remote:bucket rw,user_id=0,group_id=0,allow_other',
      { point: '/mnt/s3', type: 'fuse.rclone', source: 'remote:bucket', readOnly: false },
    ],
    [
      'an overlay',
      '700 600 0:90 / / rw,relatime master:300 - overlay overlay rw,lowerdir=/l/a:/l/b,upperdir=/u,workdir=/w',
      { point: '/', type: 'overlay', source: 'overlay', readOnly: false },
    ],
    [
      'a bind mount that is read-only while its file system is not',
      '701 700 254:1 /srv/class/outputs /app/sfs/outputs ro,relatime master:1 - ext4 /dev/vda1 rw,discard',
      { point: '/app/sfs/outputs', type: 'ext4', source: '/dev/vda1', readOnly: true },
    ],
    [
      'several optional fields',
      '36 35 98:0 /mnt1 /mnt2 rw,noatime shared:7 master:1 propagate_from:2 - ext3 /dev/root rw,errors=continue',
      { point: '/mnt2', type: 'ext3', source: '/dev/root', readOnly: false },
    ],
    [
      'spaces, a tab, a backslash and a # in the names',
      '62 29 0:55 / /mnt/the\\040class\\011of\\134\\043\\0401 rw - cifs //nas/my\\040share rw,vers=3.1.1,actimeo=1',
      { point: '/mnt/the class\tof\\# 1', type: 'cifs', source: '//nas/my share', readOnly: false },
    ],
    [
      'a name in another script',
      '63 29 0:56 / /mnt/класс rw - nfs4 nas:/класс rw,vers=4.1',
      { point: '/mnt/класс', type: 'nfs4', source: 'nas:/класс', readOnly: false },
    ],
    [
      'no options at the end',
      '64 29 0:57 / /mnt/a rw - tmpfs none',
      { point: '/mnt/a', type: 'tmpfs', source: 'none', readOnly: false },
    ],
  ])('%s', (_, line, expected) => expect(only(line)).toMatchObject(expected));

  test('options have values, or none', () => {
    const { options } = only(NFS4);
    expect(options.get('nconnect')).toBe('16');
    expect(options.get('hard')).toBeNull();
    expect(options.get('noac')).toBeUndefined();
  });

  test.each(['', 'nonsense', '1 2 3:4 / /x rw shared:1', '1 2 3:4 / /x rw - ext4'])('%j is none', (line) =>
    expect(parseMountinfo(line)).toEqual([]),
  );

  test('any path comes back as it was', () => {
    const escaped = (path: string) =>
      path.replace(/[ \t\n\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
    const part = fc.string({ minLength: 1, unit: fc.constantFrom('a', ' ', '\t', '\n', '\\', '#', 'ß', '0', '4') });
    fc.assert(
      fc.property(part, (name) => {
        expect(only(`1 2 3:4 / /${escaped(name)} rw - ext4 /dev/a rw`).point).toBe(`/${name}`);
      }),
    );
  });
});

describe('the mount of a path', () => {
  const mounts = parseMountinfo(
    [
      ROOT,
      '30 29 0:60 / /mnt rw - tmpfs tmp rw',
      NFS4,
      '413 412 254:1 /in /mnt/sfs/inputs rw - ext4 /dev/vda1 rw',
      '31 29 0:61 / /auto rw - autofs systemd-1 rw,fd=29',
      '32 31 0:62 / /auto rw - nfs4 nas:/auto rw,vers=4.2',
    ].join('\n'),
  );

  test.each([
    ['/', '/dev/vda1'],
    ['/home/class', '/dev/vda1'],
    ['/mnt', 'tmp'],
    ['/mnt/sfs', 'nfs.fin-01.example:/class-7f3a'],
    ['/mnt/sfs/outputs/comfyume', 'nfs.fin-01.example:/class-7f3a'],
    ['/mnt/sfsx', 'tmp'],
    ['/mnt/sfs/inputs/a.png', '/dev/vda1'],
    ['/auto/x', 'nas:/auto'],
  ])('%s lies on %s', (path, source) => expect(mountOf(path, mounts)?.source).toBe(source));

  test('there is none where nothing is mounted', () => expect(mountOf('/x', [])).toBeNull());
});

describe('for how long attributes are believed', () => {
  const cacheOf = (type: string, options: string, isRemote = true) =>
    attributeCache(only(`1 2 0:1 / /m rw - ${type} source ${options}`), isRemote);
  const seconds = (most: number, isDefault = false) => ({ kind: 'seconds', most, isDefault });

  test.each([
    ['nfs4', 'rw,vers=4.2,hard', seconds(60, true)],
    ['nfs', 'rw,vers=3,hard', seconds(60, true)],
    ['nfs4', 'rw,acregmin=1,acregmax=1,acdirmin=1,acdirmax=1', seconds(1)],
    ['nfs4', 'rw,actimeo=1', seconds(1)],
    ['nfs4', 'rw,actimeo=0', { kind: 'none' }],
    ['nfs4', 'rw,acregmin=0,acregmax=0,acdirmin=0,acdirmax=0,noac', { kind: 'none' }],
    ['nfs4', 'rw,noac', { kind: 'none' }],
    // Only the lower ends are given: the upper ones stay.
    ['nfs4', 'rw,acdirmin=1,acregmin=1', seconds(60)],
    ['nfs4', 'rw,acdirmax=5', seconds(60)],
    ['nfs4', 'rw,acregmax=2,acdirmax=5', seconds(5)],
    ['cifs', 'rw,vers=3.1.1', seconds(1, true)],
    ['cifs', 'rw,actimeo=30', seconds(30)],
    ['smb3', 'rw,acregmax=1,acdirmax=60', seconds(60)],
    ['fuse.sshfs', 'rw,user_id=0', { kind: 'unknown' }],
    ['virtiofs', 'rw', { kind: 'unknown' }],
  ])('%s with %s', (type, options, expected) => expect(cacheOf(type, options)).toEqual(expected));

  test.each(['ext4', 'xfs', 'overlay', 'tmpfs'])('%s of this machine shows what is', (type) =>
    expect(cacheOf(type, 'rw', false)).toEqual({ kind: 'none' }),
  );
});
