import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { buildAll } from './build.mjs';
import { failureText } from './failure-text.mjs';
import { postgresqlPrograms } from './postgresql.mjs';
import { getServers } from './servers.mjs';
import { requireNode, root } from './steps.mjs';

const MAX_MS = 25 * 60_000;

/**
 * All that asks the database itself, and of the tests of the server those in which it has most to say. The others run on it with
 * `DATABASE=postgresql npx vitest run src/server`; they would take more time than a run has.
 */
const ON_POSTGRESQL = [
  'src/adapters/db',
  'src/services',
  'src/server/integration/api-v2/killed',
  'src/server/integration/files/backup',
  'src/server/integration/jobs/way-of-a-job',
  'src/server/integration/jobs/versions',
  'src/server/integration/operators',
  'src/server/integration/people/participants',
  'src/server/integration/people/tabs-apart',
  'src/server/integration/process/postgresql',
  'src/server/integration/requests/feed',
];

requireNode();
const reports = mkdtempSync(join(tmpdir(), 'comfyume-test-'));
const sum = { passed: 0, failed: 0, skipped: 0 };
/** Said again before the last line: whoever sees only the end of the output sees why. */
const failures = [];

const add = ({ passed = 0, failed = 0, skipped = 0 }) => {
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
};

const fail = (what) => {
  failures.push(what);
  add({ failed: 1 });
};

const say = (line) => process.stdout.write(`${line}\n`);

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules', '.bin', command), args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
      timeout: MAX_MS,
    });
    child.on('error', (error) => {
      say(`  ${command} could not be started: ${error.message}`);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
}

async function check(title, command, args) {
  const passed = await run(command, args);
  say(`\n  ${title}: ${passed ? 'passed' : 'failed'}`);
  if (passed) add({ passed: 1 });
  else fail(title);
}

/** Runs a test runner and counts what its report says. One that fails and reports no failure is itself a failure. */
async function suite(title, command, args, env, count) {
  say(`\n  ${title}`);
  const report = join(reports, `${command}.json`);
  const passed = await run(command, args, env(report));
  let counts;
  try {
    counts = count(JSON.parse(readFileSync(report, 'utf8')));
  } catch (error) {
    return fail(`${title}: no report could be read (${error.message}).`);
  }
  add(counts);
  failures.push(...counts.failures);
  if (!passed && counts.failed === 0) fail(`${title}: ended badly although no test failed.`);
  if (counts.passed + counts.failed === 0) fail(`${title}: ran no test.`);
}

function countPlaywright({ stats, errors, suites }) {
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  const failures = suites
    .flatMap(specs)
    .filter(({ ok }) => !ok)
    .map(({ file, title, tests }) => {
      const messages = tests.flatMap(({ results }) => results.map(({ error }) => error?.message ?? ''));
      return failureText(file, title, messages);
    });
  const failed = stats.unexpected + stats.flaky + errors.length;
  return { passed: stats.expected, failed, skipped: stats.skipped, failures };
}

async function attempt(title, work) {
  try {
    return await work();
  } catch (error) {
    fail(`${title}: ${error.message}`);
    return undefined;
  }
}

await attempt('Build', buildAll);
await Promise.all([
  check('Types', 'tsc', ['--noEmit']),
  check('Lint and format', 'biome', ['check', '.']),
  check('Unused code', 'knip', []),
]);
getServers();
await suite(
  'Unit and integration',
  'vitest',
  [
    'run',
    'src/',
    'docker/',
    'infrastructure/',
    // They wait more than they work: with four at a time two cores are busy.
    '--maxWorkers=4',
    '--reporter=default',
    '--reporter=./scripts/vitest-reporter.mjs',
  ],
  (report) => ({ VITEST_REPORT: report }),
  (counts) => counts,
);
if (postgresqlPrograms() !== null)
  await suite(
    'On PostgreSQL',
    'vitest',
    ['run', ...ON_POSTGRESQL, '--maxWorkers=4', '--reporter=default', '--reporter=./scripts/vitest-reporter.mjs'],
    (report) => ({ VITEST_REPORT: report, DATABASE: 'postgresql' }),
    (counts) => counts,
  );
else if (process.env.CI) fail('PostgreSQL is not installed, so nothing was tried on it.');
else say('\n  PostgreSQL is not installed (Debian: postgresql): what runs on it was left out.');
const browser = await attempt('Browser', findBrowser);
if (browser)
  await suite(
    'End to end',
    'playwright',
    ['test', '--config', 'e2e/playwright.config.ts', '--project', 'e2e', '--reporter', 'list,json'],
    (report) => ({ CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report }),
    countPlaywright,
  );

rmSync(reports, { recursive: true, force: true });
for (const each of failures) say(`\nFailed: ${each}`);
say(`\n${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
