import { parseArgs } from 'node:util';
import { z } from 'zod';
import { say, table } from '#src/bench/report.ts';
import type { Evidence } from './evidence.ts';
import { LONG, SHORT } from './plan.ts';
import { runChaos } from './run.ts';

const options = z.object({
  seed: z.coerce.number().int().min(0).default(1),
  short: z.boolean().default(false),
  database: z.string().nullable().default(null),
});

/** Of the server's log, when something is not as it must be. */
const MAX_STORY = 100;
const MAX_LINE = 500;

function readArguments(): z.infer<typeof options> | null {
  try {
    const { values } = parseArgs({
      options: { seed: { type: 'string' }, short: { type: 'boolean' }, database: { type: 'string' } },
    });
    return options.safeParse(values).data ?? null;
  } catch {
    return null;
  }
}

function counted(keys: readonly string[]): [string, string][] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => [key, String(count)]);
}

function cameOut({ jobs, outputs, people }: Evidence): [string, string][] {
  const tries = jobs.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0);
  return [
    ...counted(
      jobs.map(
        ({ status, reason }) => `jobs ${status}${reason === null || status === 'cancelled' ? '' : `: ${reason}`}`,
      ),
    ),
    ['tries after the first', String(tries)],
    ['files in the participants’ folders', String(outputs.length)],
    ['events heard', String(people.reduce((sum, { received }) => sum + received.length, 0))],
  ];
}

// A signal alone would end this process without ending what it started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const asked = readArguments();
if (asked === null) {
  say('Usage: npm run chaos -- [--seed N] [--short] [--database postgresql://… (empty)]');
  process.exitCode = 1;
} else {
  const { seed, short, database } = asked;
  const size = short ? SHORT : LONG;
  say(`\n  Chaos with seed ${seed}: ${size.jobs} jobs of ${size.people} participants on ${size.replicas} GPUs.`);
  let shown = 0;
  try {
    const outcome = await runChaos(
      seed,
      size,
      (line) => {
        if (performance.now() - shown < 10_000) return;
        shown = performance.now();
        say(`    ${line}`);
      },
      database,
    );
    table('What was done', [['', 'times'], ...outcome.done]);
    table('What the server logged', [['', 'times'], ...outcome.serverSaid]);
    table('What came of it', [['', 'count'], ...cameOut(outcome.evidence)]);
    for (const line of outcome.leftOut) say(`\n  ${line}`);
    if (outcome.findings.length > 0)
      say(`\n  Not as it must be:\n${outcome.findings.map((line) => `    ${line}`).join('\n')}`);
    for (const line of outcome.story.slice(0, MAX_STORY)) say(`    ${line.slice(0, MAX_LINE)}`);
    const verdict = outcome.findings.length === 0 ? 'Nothing was lost' : `${outcome.findings.length} findings`;
    say(`\n  ${verdict}. Seed ${seed}, decisions ${outcome.decisions}, ${outcome.seconds.toFixed(0)} s.\n`);
    process.exitCode = outcome.findings.length === 0 ? 0 : 1;
  } catch (error) {
    say(`\n  Seed ${seed} did not come to its end: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
  process.exit();
}
