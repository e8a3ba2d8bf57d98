import { AppError } from '#src/domain/errors.ts';
import { fingerprintOf } from '#src/domain/jobs/workload-fingerprint.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { JobIntake } from '#src/ports/jobs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { User, UserStore } from '#src/ports/users.ts';

/** In whose name warm-ups run: they need somebody, and belong to no participant. */
export async function warmUpOwner(users: UserStore): Promise<User> {
  const operators = (await users.list()).filter(({ role, enabled }) => role === 'operator' && enabled);
  const first = operators.sort((a, b) => a.createdAt - b.createdAt)[0];
  if (!first) throw new AppError('conflict', 'No operator account exists to run the warm-up.');
  return first;
}

/**
 * Puts a warm-up for this endpoint in the queue; `false` when its workflow is gone. Its seeds stay as they are: the first one loads the models, and to a
 * replica that has them every further one is next to nothing.
 */
export async function warmUp(
  deps: {
    jobs: JobIntake;
    users: UserStore;
    workflows: WorkflowStore;
    auditLog: AuditLog;
    clock: Clock;
    random: Random;
  },
  endpoint: Endpoint,
): Promise<boolean> {
  const workflow = endpoint.warmWorkflowId === null ? null : await deps.workflows.find(endpoint.warmWorkflowId);
  if (!workflow || workflow.prompt === null) return false;
  const owner = await warmUpOwner(deps.users);
  const now = deps.clock.now();
  const entry = {
    at: now,
    actor: null,
    type: 'endpoint.warmUp',
    subjectId: endpoint.id,
    detail: { endpoint: endpoint.name, workflow: workflow.name },
  };
  const job = {
    id: deps.random.id(),
    userId: owner.id,
    clientRequestId: null,
    title: `Warm-up of ${endpoint.name}`,
    prompt: workflow.prompt,
    workflow: workflow.workflow,
    fingerprint: fingerprintOf(parseGraph(parseGraphJson(workflow.prompt))),
    expectedFiles: null,
    warmsUp: endpoint.id,
    now,
  };
  await deps.auditLog.record(entry, () => deps.jobs.add(job));
  return true;
}
