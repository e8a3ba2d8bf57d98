import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { isFinal, JOB_STATUSES, REASONS } from '#src/domain/jobs/job.ts';
import type { Breakers, EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { EndpointUse } from '#src/ports/listening.ts';
import type { JobStatistics } from '#src/ports/statistics.ts';

type Deps = {
  bus: Bus;
  jobs: Pick<JobQueue, 'counts'>;
  jobStatistics: JobStatistics;
  endpoints: Pick<EndpointStore, 'list'>;
  breakers: Pick<Breakers, 'restsUntil'>;
  endpointUse: EndpointUse;
  sockets: { count(): number };
};

const WAITS_S = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600];
const DURATIONS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];
const AGES_S = [0.05, 0.1, 0.15, 0.25, 0.4, 0.7, 1, 2, 5, 10, 30, 60, 120];

let ofProcess: Registry | null = null;

/** CPU, memory, lag of the event loop …: once for the process, because what measures them is never taken down. */
function processRegistry(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}

/** What is stored is counted when asked; waits, durations and deliveries are taken from the bus and begin anew with the process. */
export function createMetrics({ bus, jobs, jobStatistics, endpoints, breakers, endpointUse, sockets }: Deps) {
  const registers = [new Registry()];
  const named = <const Label extends string>(name: string, help: string, ...labelNames: Label[]) => ({
    name: `comfyume_${name}`,
    help,
    labelNames,
    registers,
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
  const open = new Gauge(named('sockets', 'Open WebSockets.'));
  const waits = new Histogram({
    ...named('job_wait_seconds', 'From submission to the first dispatch.'),
    buckets: WAITS_S,
  });
  const durations = new Histogram({
    ...named('job_duration_seconds', 'From first activity to the end.', 'status'),
    buckets: DURATIONS_S,
  });
  const ages = new Histogram({
    ...named('delivery_latency_seconds', 'From the last write to a file on the share to its record.'),
    buckets: AGES_S,
  });
  const delivered = new Counter(named('deliveries_total', 'Delivered files.'));
  const bytes = new Counter(named('delivered_bytes_total', 'Bytes of delivered files.'));

  const close = bus.listen((message) => {
    if (message.type === 'file.delivered') {
      delivered.inc();
      bytes.inc(message.bytes);
      ages.observe(message.ageMs / 1000);
    } else if (message.type === 'job.moved') {
      if (message.to === 'dispatched' && message.attemptCount === 1)
        waits.observe(Math.max(0, message.now - message.createdAt) / 1000);
      if (isFinal(message.to) && message.startedAt !== null)
        durations.observe({ status: message.to }, Math.max(0, message.now - message.startedAt) / 1000);
    }
  });

  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    close,
    async text(): Promise<string> {
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
      open.set(sockets.count());
      return Registry.merge([processRegistry(), ...registers]).metrics();
    },
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
