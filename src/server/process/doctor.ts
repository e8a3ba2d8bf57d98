import { createBucket } from '#src/adapters/files/stores/bucket.ts';
import type { Finding } from '#src/domain/health/finding.ts';
import { ConfigError, readProcessConfig } from '#src/env.ts';
import { checkUp } from '../state/check-up.ts';

const LAST_MOMENT_MS = 500;
const MARKS: Record<Finding['level'], string> = { ok: 'ok   ', warn: 'warn ', fault: 'FAULT' };

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const counted = (count: number, noun: string): string =>
  `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;

function tell({ level, what, sentence, doThis }: Finding): void {
  say(`  ${MARKS[level]}  ${what}: ${sentence}`);
  if (doThis !== null) say(`         → ${doThis}`);
}

async function examine(): Promise<number> {
  const config = readProcessConfig();
  const bucket = config.s3 && (await createBucket(config.s3));
  const { signal } = new AbortController();
  const findings = await checkUp(config, config.endpoints, signal, (_, call) => call(), bucket);
  bucket?.close();
  for (const finding of findings) tell(finding);
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  say(`\n  ${counted(count('fault'), 'fault')}, ${counted(count('warn'), 'warning')}.`);
  return count('fault') > 0 ? 1 : 0;
}

say('');
try {
  process.exitCode = await examine();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  say(`  ${error.message}`);
  process.exitCode = 1;
}
say('');
// What hangs on a share that does not answer would hold the process for ever; an exit waits for it too.
setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_MOMENT_MS).unref();
