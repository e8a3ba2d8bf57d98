import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Plain JavaScript on purpose: this runs before anything is installed. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function* filesBelow(path) {
  for (const entry of readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'generated') yield* filesBelow(below);
    } else yield below;
  }
}

/** A fingerprint of what is in these files and folders. */
export function fingerprint(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) {
    const isFolder = readdirSync(root, { withFileTypes: true }).some(
      (entry) => entry.name === path && entry.isDirectory(),
    );
    for (const file of isFolder ? filesBelow(path) : [path])
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** Does `work` unless it was done for the same `print` before. */
export async function unlessDone(stamp, print, work) {
  const path = join(root, stamp);
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (before === print) return;
  await work();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, print);
}

/**
 * Runs a program of ours and ends as it ends. A supervisor signals one process alone, npm's: npm passes the signal on to the one that it has started, which
 * the `exec` in package.json's scripts makes this one, and no shell that would die of it.
 */
export function runToItsEnd(args, env = process.env) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}

/** Runs a command without a word, and shows all it said when it fails. */
export function quietly(title, command, args, env = {}) {
  process.stdout.write(`  ${title} …\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const onSignal = (signal) => {
      child.kill(signal);
      process.exit(1);
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(said));
      reject(new Error(`${title}: ${command} ${args.join(' ')} ended with code ${code}.`));
    });
  });
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(`\n  comfyume needs Node 20.19 or newer; this is ${process.versions.node}.\n\n`);
  process.exit(1);
}
