import { z } from 'zod';
import type { FleetControl } from '../fleet-control.ts';

export type FakeDeployment = {
  readonly name: string;
  readonly url: string;
  readonly gpu: string;
  readonly spot: boolean;
  min: number;
  max: number;
  /** In the platform's words. */
  replicas: { id: string; status: string; started_at: string }[];
  /** The simulated GPUs behind it: if set, their states are its replicas, and its scaling applies to them. */
  readonly fleet?: FleetControl;
  logs: { timestamp: string; replica: string; message: string }[];
  systemLogs: { timestamp: string; reason: string; message: string; involved_object: string; count: number }[];
};

const count = z.int().min(0);
export const scalingPatch = z.object({ min_replica_count: count.optional(), max_replica_count: count.optional() });

export const scalingOf = ({ min, max }: FakeDeployment) => ({
  min_replica_count: min,
  max_replica_count: max,
  scale_down_policy: { delay_seconds: 300 },
  scale_up_policy: { delay_seconds: 0 },
  queue_message_ttl_seconds: 36_000,
  concurrent_requests_per_replica: 1,
  // Disabled triggers are returned without a threshold.
  scaling_triggers: {
    queue_load: { threshold: 1 },
    cpu_utilization: { enabled: false, threshold: null },
    gpu_utilization: { enabled: false, threshold: null },
  },
});

export const overviewOf = ({ name, url, gpu, spot }: FakeDeployment) => ({
  name,
  endpoint_base_url: url,
  is_spot: spot,
  compute: { name: gpu, size: 1 },
  containers: [],
  created_at: '2026-10-01T00:00:00.000Z',
});

/** The log lines that match the query, newest first. */
export function linesOf<Line extends { timestamp: string }>(lines: readonly Line[], query: URLSearchParams): Line[] {
  const [from, to] = [Date.parse(query.get('start') ?? ''), Date.parse(query.get('end') ?? '')];
  const words = query.get('search_text') ?? '';
  const found = lines
    .filter(({ timestamp }) => !(Date.parse(timestamp) < from || Date.parse(timestamp) > to))
    .filter((line) => words === '' || JSON.stringify(line).includes(words))
    .sort((a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp));
  return found.slice(0, Number(query.get('limit') ?? 50));
}

export const gpuTypes = (currency: string) => [
  {
    id: 'x',
    model: 'H200',
    name: 'H200 SXM5 141GB',
    instance_type: '1H200.141S.44V',
    gpu: { description: '1x H200 SXM5 141GB', number_of_gpus: 1 },
    serverless_price: '2.80',
    serverless_spot_price: '0.97',
    currency,
    manufacturer: 'NVIDIA',
  },
];
