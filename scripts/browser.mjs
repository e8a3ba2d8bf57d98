import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './steps.mjs';

/** The one without a user interface first: the same pages in three quarters of the processor time. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];
const USUAL = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
];
const INSTALL_MS = 180_000;

const isRoot = process.getuid?.() === 0;

/** A file that is there may still lack a library it needs: only what answers counts. */
const works = (path) =>
  existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;

const installed = () =>
  [
    ...(process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
    ...USUAL,
  ].find(works);

const playwrights = async () => {
  const { chromium } = await import('@playwright/test');
  return [chromium.executablePath()].find(works);
};

function tryTo(title, command, args) {
  process.stdout.write(`  ${title} …\n`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: INSTALL_MS,
  });
  if (status !== 0) process.stdout.write(`  ${title}: failed${error ? ` (${error.message})` : ''}.\n`);
  return status === 0;
}

/** The path of a Chromium or Chrome that starts; gets one where there is none. */
export async function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (works(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which does not start. Set it to a Chromium or Chrome, or to nothing.`);
  }
  const present = installed() ?? (await playwrights());
  if (present) return present;
  tryTo('Getting a browser from Playwright', join(root, 'node_modules', '.bin', 'playwright'), ['install', 'chromium']);
  const fetched = await playwrights();
  if (fetched) return fetched;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    tryTo('Reading Debian’s list of packages', 'apt-get', ['update', '-q']);
    for (const name of ['chromium-headless-shell', 'chromium']) {
      tryTo(`Getting Debian’s ${name}`, 'apt-get', ['install', '-y', '-q', '--no-install-recommends', name]);
      const packaged = installed();
      if (packaged) return packaged;
    }
  }
  throw new Error('No browser can be had: install Chromium or Chrome, or set CHROMIUM_PATH to one.');
}
