import { expect, test } from 'vitest';
import { createBus } from '#src/adapters/events/bus.ts';
import { createMetrics } from './metrics.ts';

function processOf(isLeader: () => boolean) {
  const bus = createBus((error) => {
    throw error;
  });
  const metrics = createMetrics({
    bus,
    sockets: { count: () => 2 },
    isLeader,
    version: '1.2.3',
    jobs: { counts: async () => ({ waiting: 7, inFlight: 0, inFlightByEndpoint: new Map() }) },
    jobStatistics: {
      jobs: async () => ({ byStatus: new Map(), failedByReason: new Map() }),
      attempts: async () => new Map([['completed', 3]]),
    },
    endpoints: { list: async () => [] },
    breakers: { restsUntil: () => null },
    endpointUse: { read: async () => new Map() },
  });
  return { bus, metrics };
}

test('figures of the installation are the leader’s, those of a process everybody’s', async () => {
  let isLeader = false;
  const { metrics } = processOf(() => isLeader);
  const follower = await metrics.text();
  expect(follower).toContain('comfyume_leader 0');
  expect(follower).toContain('comfyume_build_info{version="1.2.3"} 1');
  expect(follower).toContain('comfyume_sockets 2');
  expect(follower).not.toMatch(/^comfyume_(jobs|queue_length|attempts|endpoint_\w+)[ {]/m);
  isLeader = true;
  const leader = await metrics.text();
  expect(leader).toContain('comfyume_leader 1');
  expect(leader).toContain('comfyume_queue_length 7');
  expect(leader).toContain('comfyume_attempts{outcome="completed"} 3');
});

test('what another process announced is counted there only', async () => {
  const { bus, metrics } = processOf(() => true);
  bus.hear({ type: 'file.delivered', bytes: 5, ageMs: 1 }, 'another');
  expect(await metrics.text()).toContain('comfyume_deliveries_total 0');
  bus.announce({ type: 'file.delivered', bytes: 5, ageMs: 1 });
  expect(await metrics.text()).toContain('comfyume_deliveries_total 1');
});
