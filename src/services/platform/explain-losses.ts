import { LOG_SLACK_MS, type LogLine, probableCause, replicaOf } from '#src/domain/endpoints/platform-cause.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Log } from '#src/ports/log.ts';
import type { Platform, PlatformStore, Unexplained } from '#src/ports/platform.ts';
import type { Clock } from '#src/ports/random.ts';

type Deps = { platform: Platform; platformStore: PlatformStore; auditLog: AuditLog; clock: Clock; log: Log };

/** What the last line of a Python traceback has in it. */
const EXCEPTION_WORDS = ['Error', 'Exception'];
/** For so many attempts at once, logs are looked through for the attempt's own id. */
const MAX_TRACED = 10;

/** Looks through the platform's logs for what became of attempts at one deployment that failed. What fits is a guess, and is said to be one. */
export async function explainLosses(deps: Deps, deployment: string, losses: readonly Unexplained[]): Promise<void> {
  if (losses.length === 0) return;
  const { platform } = deps;
  const span = {
    from: Math.min(...losses.map(({ sentAt }) => sentAt)) - LOG_SLACK_MS,
    to: Math.max(...losses.map(({ endedAt }) => endedAt)) + LOG_SLACK_MS,
  };
  const system = await platform.systemLogs(deployment, span);
  const lines: LogLine[] = [];
  for (const words of EXCEPTION_WORDS) lines.push(...(await platform.logs(deployment, words, span)));
  for (const [index, loss] of losses.entries()) {
    const traces = index < MAX_TRACED ? await platform.logs(deployment, loss.attemptId, span) : [];
    const replica = replicaOf(loss.attemptId, traces);
    const cause = probableCause(loss, { replica, lines, system });
    if (cause === null) continue;
    const detail = { attempt: loss.attemptId, deployment, probably: cause };
    deps.log.info(
      { job: loss.jobId, ...detail, replica },
      'found the cause of a failed attempt in the platform’s logs',
    );
    const entry = { at: deps.clock.now(), actor: null, type: 'attempt.explained', subjectId: loss.jobId, detail };
    await deps.auditLog.record(entry, () => deps.platformStore.explain(loss.attemptId, cause));
  }
}
