import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Our view of the share, which can go away while the workers go on writing to it: a link that points to the real folder, to an empty one (a mount point with
 * nothing mounted), or to nothing.
 */
export async function createShareView(root: string) {
  const real = join(root, 'share');
  const view = join(root, 'mount');
  const empty = join(root, 'mount-point');
  for (const dir of [join(real, 'outputs'), join(real, 'inputs'), empty]) await mkdir(dir, { recursive: true });
  async function point(target: string): Promise<void> {
    await symlink(target, `${view}-next`);
    await rename(`${view}-next`, view);
  }
  await point(real);
  return {
    real,
    view,
    away: (leaves: 'nothing' | 'an empty folder') => point(leaves === 'nothing' ? join(root, 'gone') : empty),
    back: () => point(real),
  };
}
