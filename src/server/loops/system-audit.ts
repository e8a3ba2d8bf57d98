import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import { createLoop } from './loop.ts';

const EVERY_MS = 15_000;

type Deps = {
  auditLog: Pick<AuditLog, 'write'>;
  /** What is wrong just now, in sentences. */
  faults: () => Promise<string[]>;
  clock: Clock;
  log: Log;
};

/** The same trouble is told with another size or code at each look. */
const troubleOf = (sentence: string): string => sentence.replace(/ \([^()]*\)$/, '');

/** Logs when the server began and ended, and when something without which no work can be done went away and came back. */
export function createSystemAudit({ auditLog, faults, clock, log }: Deps, version: string) {
  let known = new Map<string, string>();
  const write = (type: string, detail: Record<string, unknown>) =>
    auditLog.write({ at: clock.now(), actor: null, type, subjectId: null, detail });

  async function check(): Promise<void> {
    const now = new Map((await faults()).map((sentence) => [troubleOf(sentence), sentence]));
    const before = known;
    known = now;
    for (const [trouble, sentence] of now) if (!before.has(trouble)) await write('trouble.began', { sentence });
    for (const trouble of before.keys()) if (!now.has(trouble)) await write('trouble.ended', { sentence: trouble });
  }
  const loop = createLoop('chronicle', EVERY_MS, check, log);

  return {
    check,
    async start() {
      await write('server.started', { version });
      loop.start();
    },
    async stop() {
      await loop.stop();
      await write('server.stopped', {});
    },
  };
}
