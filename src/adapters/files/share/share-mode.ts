import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isMissing, shareError } from '../file-errors.ts';

export type ShareMode = 'events' | 'poll';

/** Linux's numbers (statfs f_type) of file systems on which another host can write without a local event. */
const REMOTE_TYPES: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x65735546, // FUSE, virtiofs
  0x01021997, // 9P
  0x00c36400, // Ceph
  0x5346414f, // AFS (OpenAFS)
  0x6b414653, // AFS (kernel)
  0x73757245, // Coda
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
  0x19830326, // BeeGFS
  0xaad7aaea, // PanFS
  0x01161970, // GFS2
  0x7461636f, // OCFS2
  0x786f4256, // VirtualBox shared folder
]);

/** Whether native events can be trusted where `dir` lies, or will lie once it is made. */
export async function detectShareMode(dir: string): Promise<ShareMode> {
  for (let place = resolve(dir); ; place = dirname(place)) {
    try {
      return REMOTE_TYPES.has((await statfs(place)).type >>> 0) ? 'poll' : 'events';
    } catch (error) {
      if (!isMissing(error) || place === dirname(place)) throw shareError(error, dir);
    }
  }
}
