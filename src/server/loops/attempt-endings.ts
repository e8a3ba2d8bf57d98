import { type AttemptFacts, shortfall } from '#src/domain/jobs/attempt.ts';
import { reasonSentence } from '#src/domain/messages/reasons.ts';
import { runEndWarnings } from '#src/domain/messages/run-end-words.ts';
import type { Warning } from '#src/domain/warning.ts';
import { attribute } from '#src/domain/workflow/attribution.ts';
import type { Breakers } from '#src/ports/endpoints.ts';
import type { Watched } from '#src/ports/jobs.ts';
import type { FoundFile } from '#src/ports/share.ts';
import type { StopAttempt } from '#src/ports/worker.ts';
import { loseAttempt } from '#src/services/jobs/lose-attempt.ts';
import { deliverText } from '#src/services/results/deliver-text.ts';
import type { FolderDelivery, Recording } from './folder-delivery.ts';

type Deps = Parameters<typeof loseAttempt>[0] &
  Parameters<typeof deliverText>[0] & {
    breakers: Pick<Breakers, 'failed' | 'worked'>;
    stopAttempt: StopAttempt;
    inTurn<T>(key: string, task: () => Promise<T>): Promise<T>;
  };

/** How an attempt ends: complete with what came, held up by a full disk, or lost. */
export function createEndings(deps: Deps, delivery: Pick<FolderDelivery, 'deliver'>) {
  /** `leftOut`: what of the folder could not be read, in words. `last`: a file whose record may still be under way. True once the job is completed. */
  async function complete(
    watched: Watched,
    facts: AttemptFacts,
    files: readonly FoundFile[],
    leftOut: Iterable<string>,
    last: Recording | null,
  ): Promise<boolean> {
    const { job, attempt, role } = watched;
    const { silent, unproven, unfinished } = shortfall(facts);
    const isUnfinished = new Set(unfinished);
    const byPath = new Map(files.map((file) => [file.path, file]));
    for (const path of [...unproven, ...unfinished]) {
      const file = byPath.get(path);
      const delivered = file && (await delivery.deliver(watched, file, isUnfinished.has(path)));
      if (delivered === 'storage_full' || delivered === 'storage_unavailable') await stall(watched, delivered);
      if (delivered !== undefined && delivered !== 'home') return false;
    }
    const texts = await deliverTexts(watched, facts);
    const step = { jobId: job.id, attemptId: attempt.id };
    const newest = role === 'superseded' ? (await deps.jobs.newestAttempts([job.id])).get(job.id) : undefined;
    const classOf = new Map(attempt.plan.saves.map(({ nodeId, classType }) => [nodeId, classType]));
    const warnings = [
      ...[...leftOut].map((message) => ({ nodeId: '', classType: '', message })),
      ...texts,
      ...runEndWarnings(
        silent,
        unfinished.flatMap((path) => {
          const owner = attribute(path, attempt.plan);
          if (owner.kind !== 'output') return [];
          return [{ nodeId: owner.nodeId, classType: classOf.get(owner.nodeId) ?? '', name: owner.name }];
        }),
      ),
    ];
    const completing = deps.jobs.complete({ ...step, warnings, needs: last?.resultId, now: deps.clock.now() });
    const [isCompleted] = await Promise.all([completing, last?.done]);
    if (!isCompleted) return false;
    await deps.breakers.worked(attempt.endpointId);
    if (newest && newest.id !== attempt.id) deps.stopAttempt(newest);
    return true;
  }

  /** What nodes showed as text, where only the worker's history has it; warnings for those of which it is not known. */
  async function deliverTexts(watched: Watched, { run: { end } }: AttemptFacts): Promise<Warning[]> {
    if (watched.job.warmUp) return [];
    const known = new Map(end?.type === 'success' ? end.texts.map((one) => [one.nodeId, one]) : []);
    const missing: Warning[] = [];
    for (const { nodeId, classType } of watched.attempt.plan.texts ?? []) {
      const text = known.get(nodeId);
      if (text) await deps.inTurn(watched.job.id, () => deliverText(deps, watched, text));
      else
        missing.push({
          nodeId,
          classType,
          message: `What ${classType} (node ${nodeId}) shows could not be read from the worker.`,
        });
    }
    return missing;
  }

  async function stall({ job, attempt }: Watched, reason: 'storage_full' | 'storage_unavailable'): Promise<void> {
    const now = deps.clock.now();
    if (job.status !== 'delivering') await deps.jobs.markDelivering({ jobId: job.id, attemptId: attempt.id, now });
    await deps.jobs.stall({
      jobId: job.id,
      reason,
      message: reasonSentence(reason, { attempts: attempt.number }),
      now,
    });
  }

  async function lose(
    watched: Watched,
    reason: 'never_started' | 'timed_out' | 'lost' | 'incomplete',
    detail: string,
  ): Promise<void> {
    deps.stopAttempt(watched.attempt);
    if (reason !== 'timed_out') await deps.breakers.failed(watched.attempt.endpointId, 'lost', watched.attempt.id);
    await loseAttempt(deps, watched, reason, detail);
  }

  return { complete, stall, lose };
}
