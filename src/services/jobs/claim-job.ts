import { AppError } from '#src/domain/errors.ts';
import { reasonSentence } from '#src/domain/messages/reasons.ts';
import { generations } from '#src/domain/workflow/generation-parameters.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { JobMoves, JobReader } from '#src/ports/jobs.ts';
import type { Clock } from '#src/ports/random.ts';
import { nextTurn } from '../next-turn.ts';
import { type PromptDeps, preparePrompt } from './prepare-prompt.ts';

type Deps = PromptDeps & { jobs: JobReader & JobMoves; clock: Clock };

/** Null, and the end of the job, when an earlier version has taken what this one refuses: it must not hold up the line. */
async function readGraph(deps: Deps, jobId: string, prompt: string): Promise<Graph | null> {
  try {
    return parseGraph(parseGraphJson(prompt));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message, nodeErrors } = error;
    await deps.jobs.fail({
      jobId,
      attemptId: null,
      reason: 'invalid_graph',
      message,
      nodeErrors: nodeErrors ?? null,
      now: deps.clock.now(),
    });
    return null;
  }
}

/** Claims a job for an endpoint: after this it is an attempt with a folder of its own. Null when it was no longer waiting. */
export async function claimJob(
  deps: Deps,
  choice: { jobId: string; userId: string; endpointId: string; isListened?: boolean },
) {
  const stored = await deps.jobs.graph(choice.jobId);
  if (!stored) return null;
  const now = deps.clock.now();
  await nextTurn();
  const graph = await readGraph(deps, choice.jobId, stored.prompt);
  if (!graph) return null;
  const prepared = await preparePrompt(deps, choice, { ...stored, graph }, now);
  if (!prepared) {
    const message = reasonSentence('key_forgotten', { attempts: 0 });
    await deps.jobs.fail({ jobId: choice.jobId, attemptId: null, reason: 'key_forgotten', message, now });
    return null;
  }
  const { plan, warnings, folders, uploads, prompt } = prepared;
  await nextTurn();
  const made = generations(graph, [...new Set(plan.saves.map(({ nodeId }) => nodeId))]);
  const attemptId = prompt.promptId;
  const job = await deps.jobs.dispatch({ ...choice, attemptId, plan, generations: made, warnings, now });
  return job && { job, plan, folders, uploads, sentAt: now, prompt };
}
export type Claim = NonNullable<Awaited<ReturnType<typeof claimJob>>>;
