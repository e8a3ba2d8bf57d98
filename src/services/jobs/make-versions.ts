import { AppError } from '#src/domain/errors.ts';
import { changeWords } from '#src/domain/fields/change-words.ts';
import { type Change, withChanges } from '#src/domain/fields/with-changes.ts';
import { withWidgets } from '#src/domain/fields/with-widgets.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import { SEED_LIMIT, withNewSeeds } from '#src/domain/workflow/seeds.ts';
import type { Job } from '#src/ports/jobs.ts';
import { nextTurn } from '../next-turn.ts';
import { ownJob } from './own-job.ts';
import { type RejectionReader, rejectedBy } from './rejected-by.ts';
import { type SubmitDeps, submitJob } from './submit-job.ts';

const MAX_WORDS = 300;

type Wanted = {
  readonly id: string;
  readonly changes: readonly Change[];
  /** Another seed everywhere, for each of them. */
  readonly newSeeds: boolean;
  readonly count: number;
  /** Of all of them: what was taken once is not taken again. */
  readonly clientRequestId?: string | undefined;
};

/**
 * New jobs made from one job's graph, with changes. They are its versions, and its owner's also when an operator asks. The editor's workflow goes along
 * where every change can be placed in it. Those before one that is refused stay.
 */
export async function makeVersions(deps: SubmitDeps & RejectionReader, actor: Actor, wanted: Wanted): Promise<Job[]> {
  const job = await ownJob(deps.jobs, actor, wanted.id);
  const stored = await deps.jobs.graph(job.id);
  if (!stored) throw new AppError('not_found', 'Job not found.');
  const before = parseGraph(parseGraphJson(stored.prompt));
  const changed = withChanges(before, wanted.changes);
  const workflow: unknown = stored.workflow === null ? null : parseGraphJson(stored.workflow);
  // With changes it is another graph, which they may accept.
  const rejecting = wanted.changes.length === 0 ? await rejectedBy(deps, job) : [];
  const jobs: Job[] = [];
  for (let nth = 1; nth <= wanted.count; nth += 1) {
    await nextTurn();
    const prompt = wanted.newSeeds ? withNewSeeds(changed, () => deps.random.below(SEED_LIMIT)) : changed;
    const editors = withWidgets(workflow, before, prompt);
    const { job: made } = await submitJob(
      deps,
      { ...actor, userId: job.userId },
      {
        prompt,
        ...(editors !== null && { workflow: editors }),
        title: job.title,
        rejectedBy: rejecting,
        clientRequestId: wanted.clientRequestId && `${wanted.clientRequestId}-${nth}`,
        version: {
          madeFromId: job.id,
          familyId: job.familyId,
          changes: changeWords(before, prompt)?.slice(0, MAX_WORDS) ?? null,
        },
      },
    );
    jobs.push(made);
  }
  return jobs;
}
