import { execFileSync } from 'node:child_process';

/** Where Debian puts what is for administrators, too. */
const PATHS = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`;

/** The path of a program, or null where it is not installed. */
export function installed(program: string): string | null {
  try {
    return execFileSync('/bin/sh', ['-c', `command -v ${program}`], {
      env: { NODE_ENV: 'test', PATH: PATHS },
      encoding: 'utf8',
    }).trim();
  } catch {
    return null;
  }
}
