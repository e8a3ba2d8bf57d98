import { execFileSync } from 'node:child_process';
import { root } from './product.ts';

/** Before any worker starts: two builds in one folder would get in each other's way. */
export default function build(): void {
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: 'inherit' });
}
