import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { isFinal } from '#src/domain/jobs/job.ts';
import type { Bus } from '#src/ports/events.ts';
import { createInstallationMetrics, type InstallationDeps } from './installation-metrics.ts';

type Deps = InstallationDeps & {
  bus: Bus;
  sockets: { count(): number };
  /** Whether this process tells what is true of the whole installation. */
  isLeader: () => boolean;
  version: string;
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

/**
 * What is stored is counted when asked, and told by the leader only, so that the sum over several processes is right. Waits, durations and deliveries are
 * taken from the bus by the process that announced them, and begin anew with it.
 */
export function createMetrics(deps: Deps) {
  const { bus, sockets, isLeader, version } = deps;
  const own = new Registry();
  const installation = createInstallationMetrics(deps);
  const registers = [own];
  const named = <const Label extends string>(name: string, help: string, ...labelNames: Label[]) => ({
    name: `comfyume_${name}`,
    help,
    labelNames,
    registers,
  });

  const leads = new Gauge(named('leader', '1 = this process sends jobs and collects files.'));
  new Gauge(named('build_info', 'Always 1; which version this process runs.', 'version')).set({ version }, 1);
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

  const close = bus.listen((message, from) => {
    if (from !== null) return;
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
      open.set(sockets.count());
      const isLeading = isLeader();
      leads.set(isLeading ? 1 : 0);
      const told = isLeading ? [await installation.read()] : [];
      return Registry.merge([processRegistry(), ...told, own]).metrics();
    },
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
