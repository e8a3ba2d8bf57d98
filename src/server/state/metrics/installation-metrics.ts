import { Gauge, Registry } from 'prom-client';
import { JOB_STATUSES, REASONS } from '#src/domain/jobs/job.ts';
import type { Breakers, EndpointStore } from '#src/ports/endpoints.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { EndpointUse } from '#src/ports/listening.ts';
import type { JobStatistics } from '#src/ports/statistics.ts';

export type InstallationDeps = {
  jobs: Pick<JobQueue, 'counts'>;
  jobStatistics: JobStatistics;
  endpoints: Pick<EndpointStore, 'list'>;
  breakers: Pick<Breakers, 'restsUntil'>;
  endpointUse: EndpointUse;
};

/** Figures that are the same in every process: what is stored, and the endpoints. */
export function createInstallationMetrics({ jobs, jobStatistics, endpoints, breakers, endpointUse }: InstallationDeps) {
  const registry = new Registry();
  const named = <const Label extends string>(name: string, help: string, ...labelNames: Label[]) => ({
    name: `comfyume_${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  const byStatus = new Gauge(named('jobs', 'Stored jobs.', 'status', 'reason'));
  const waiting = new Gauge(named('queue_length', 'Jobs in the queue.'));
  const attempts = new Gauge(
    named('attempts', 'Ended attempts by outcome; more than one per job is a retry.', 'outcome'),
  );
  const inFlight = new Gauge(named('endpoint_in_flight', 'Attempts in flight at an endpoint.', 'endpoint'));
  const capacity = new Gauge(named('endpoint_capacity', 'Maximum concurrent attempts at an endpoint.', 'endpoint'));
  const enabled = new Gauge(named('endpoint_enabled', '1 = jobs are sent to it.', 'endpoint'));
  const resting = new Gauge(
    named('endpoint_resting', '1 = its circuit breaker is open: it gets no jobs for a while.', 'endpoint'),
  );
  const replicasHeard = new Gauge(
    named('endpoint_replicas_heard', 'Distinct replicas that live progress is heard from.', 'endpoint'),
  );
  const utilised = new Gauge(
    named('endpoint_utilisation', 'Runs that render, of the replicas believed to be up; absent = unknown.', 'endpoint'),
  );
  const classUtilised = new Gauge(
    named(
      'endpoint_class_utilisation',
      'The same since the class began, while there was work; absent = unknown.',
      'endpoint',
    ),
  );
  const heardShare = new Gauge(
    named(
      'endpoint_heard_ratio',
      'Attempts of the class that were heard, of those that ran while listening was on; absent = none did.',
      'endpoint',
    ),
  );

  return {
    async read(): Promise<Registry> {
      const [stored, ended, counts, list, uses] = await Promise.all([
        jobStatistics.jobs(),
        jobStatistics.attempts(),
        jobs.counts(),
        endpoints.list(),
        endpointUse.read(),
      ]);
      for (const status of JOB_STATUSES)
        if (status !== 'failed') byStatus.set({ status, reason: '' }, stored.byStatus.get(status) ?? 0);
      for (const reason of REASONS)
        if (reason !== 'cancelled') byStatus.set({ status: 'failed', reason }, stored.failedByReason.get(reason) ?? 0);
      waiting.set(counts.waiting);
      attempts.reset();
      for (const [outcome, count] of ended) attempts.set({ outcome }, count);
      const ofUse = [replicasHeard, utilised, classUtilised, heardShare];
      for (const gauge of [inFlight, capacity, enabled, resting, ...ofUse]) gauge.reset();
      for (const { id, name: endpoint, ...its } of list) {
        inFlight.set({ endpoint }, counts.inFlightByEndpoint.get(id) ?? 0);
        capacity.set({ endpoint }, its.capacity);
        enabled.set({ endpoint }, its.enabled ? 1 : 0);
        resting.set({ endpoint }, breakers.restsUntil(id) === null ? 0 : 1);
        const use = uses.get(id);
        if (!use) continue;
        replicasHeard.set({ endpoint }, use.replicasHeard);
        if (use.utilisation !== null) utilised.set({ endpoint }, use.utilisation);
        if (use.classUtilisation !== null) classUtilised.set({ endpoint }, use.classUtilisation);
        if (use.listened > 0) heardShare.set({ endpoint }, use.heard / use.listened);
      }
      return registry;
    },
  };
}
