import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

const ROOMY = 'size=300m,nr_inodes=100k';

function run(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

const mounted = new Set<string>();
function unmount(at: string): void {
  if (mounted.delete(at)) run('umount', '-l', at);
}
// A test run that is broken off leaves nothing behind.
process.once('exit', () => {
  for (const at of mounted) spawnSync('umount', ['-l', at]);
});

async function mount(at: string, ...args: string[]): Promise<void> {
  await mkdir(at, { recursive: true });
  run('mount', ...args, at);
  mounted.add(at);
}

/** Why no file system can be mounted here; null where it can. */
export const WHY_NO_MOUNT: string | null = (() => {
  const at = mkdtempSync(join(tmpdir(), 'comfyume-mount-'));
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', at);
    run('umount', at);
    return null;
  } catch {
    return 'mounting is not allowed, which takes root on Linux';
  } finally {
    rmdirSync(at);
  }
})();

/** What is in `beneath`, seen at `at`, where nothing can be changed. */
export async function mountReadOnly(beneath: string, at: string) {
  await mount(at, '--bind', beneath);
  run('mount', '-o', 'remount,bind,ro', at);
  return { unmount: () => unmount(at) };
}

/** A disk of its own whose size can be changed. */
export async function mountDisk(at: string) {
  await mount(at, '-t', 'tmpfs', '-o', ROOMY, 'tmpfs');
  const resize = (options: string) => run('mount', '-o', `remount,${options}`, at);
  return {
    /** More may be used by the time the system is told, and then it refuses. */
    fill: (leaveBytes = 0) =>
      vi.waitFor(
        async () => {
          const { blocks, bfree, bsize } = await statfs(at);
          // None at all would mean no limit.
          resize(`size=${Math.max(1, blocks - bfree) * bsize + leaveBytes}`);
        },
        { timeout: 20_000 },
      ),
    /** There is room, but not for one more file. */
    async takeNoMoreFiles(): Promise<void> {
      const { files, ffree } = await statfs(at);
      resize(`nr_inodes=${files - ffree}`);
    },
    makeRoom: () => resize(ROOMY),
    unmount: () => unmount(at),
  };
}
