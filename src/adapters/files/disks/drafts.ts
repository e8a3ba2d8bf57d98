import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isMissing, systemCode } from '../file-errors.ts';

/** Of what may be another machine's, nobody here knows whether it is still written to. */
const OLD_MS = 86_400_000;

const HOST = hostname().replaceAll('~', '-');
const LIFE = randomUUID().slice(0, 8);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** What was made on this machine goes with its process: no process, or only this one, has its number. What others made goes when it is old. */
function isLeft(dir: string, name: string): boolean {
  const [host, pid, life] = name.split('~');
  if (host !== HOST) return isOld(join(dir, name));
  if (life === LIFE) return false;
  return Number(pid) === process.pid || !isRunning(Number(pid));
}

function isOld(path: string): boolean {
  try {
    return statSync(path).mtimeMs < Date.now() - OLD_MS;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * A folder for files that are being made. Several processes may share it: their names say whose they are, and what processes that are gone have left is
 * removed here.
 */
export function createDrafts(dir: string): (name: string) => string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(dir)) {
    if (isLeft(dir, name)) rmSync(join(dir, name), { recursive: true, force: true });
  }
  return (name) => join(dir, `${HOST}~${process.pid}~${LIFE}~${name}`);
}
