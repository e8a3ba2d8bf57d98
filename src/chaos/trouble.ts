import { setTimeout as sleep } from 'node:timers/promises';
import type { Visitor } from '#src/server/integration/testing/visitor.ts';
import type { FleetControl } from '#src/simulator/fleet-control.ts';
import type { SmallDisk } from './disk.ts';
import { answered, type ChaosPerson } from './person.ts';
import type { Fault } from './plan.ts';
import type { ChaosServer } from './server.ts';
import type { createShareView } from './share.ts';
import type { FaultTally } from './tally.ts';

const MAX_WAIT_FOR_BUSY_MS = 10_000;

export type World = {
  readonly server: ChaosServer;
  readonly fleet: FleetControl;
  readonly share: Awaited<ReturnType<typeof createShareView>>;
  /** Null where none can be mounted. */
  readonly disk: SmallDisk | null;
  readonly operator: Visitor;
  readonly people: readonly ChaosPerson[];
  readonly jobStatistics: FaultTally;
};

async function killBusyReplica(fleet: FleetControl): Promise<boolean> {
  const end = performance.now() + MAX_WAIT_FOR_BUSY_MS;
  while (performance.now() < end) {
    if ((await fleet.kill('busy')) !== null) return true;
    await sleep(50);
  }
  return false;
}

/** Does one thing that goes wrong, and undoes it after its time. */
export async function strike(world: World, fault: Fault): Promise<void> {
  const { server, fleet, share, disk, operator, people, jobStatistics } = world;
  const during = async (ms: number, begin: () => Promise<unknown>, end: () => Promise<unknown>): Promise<void> => {
    await begin();
    await sleep(ms);
    await end();
  };
  jobStatistics.add(`done: ${fault.kind}`);
  switch (fault.kind) {
    case 'server killed':
      return during(fault.downMs, server.kill, server.start);
    case 'sockets cut':
      for (const { feed } of people.slice(0, Math.ceil((people.length * fault.share) / 100))) feed.cut();
      return;
    case 'replica killed':
      if (!(await killBusyReplica(fleet))) jobStatistics.add('no replica was busy, so none was killed');
      return;
    case 'replica dies at a node':
      return fleet.setFaults({ nodes: [{ kind: 'kill', classType: 'SaveImage', count: 1 }] });
    case 'replica dies in a file':
      return fleet.setFaults({
        nodes: [{ kind: 'killMidFile', classType: 'SaveImage', afterBytes: fault.afterBytes, count: 1 }],
      });
    case 'scaled to zero':
      return fleet.scaleToZero();
    case 'prompts swallowed':
      return during(
        fault.ms,
        () => fleet.setFaults({ swallow: true }),
        () => fleet.setFaults({ swallow: false }),
      );
    case '502, 503 or 504':
      return fleet.setFaults({
        requests: [{ kind: 'answer', status: fault.status, count: fault.count, only: 'prompt' }],
      });
    case 'cut after accepting':
      return fleet.setFaults({ requests: [{ kind: 'cutAfterAccept', count: fault.count, only: 'prompt' }] });
    case '504 after accepting':
      return fleet.setFaults({ requests: [{ kind: 'timeoutAfterAccept', count: fault.count, only: 'prompt' }] });
    case 'answer cut in half':
      return fleet.setFaults({ requests: [{ kind: 'truncate', count: fault.count, only: 'prompt' }] });
    case 'connections refused':
      return during(
        fault.ms,
        () => fleet.setFaults({ refuseConnections: true }),
        () => fleet.setFaults({ refuseConnections: false }),
      );
    case 'share away':
      return during(fault.ms, () => share.away(fault.leaves), share.back);
    case 'disk full':
      return disk ? during(fault.ms, () => disk.fill(fault.leaveBytes), disk.empty) : undefined;
    case 'queue paused':
      return during(
        fault.ms,
        () => answered(() => operator.api.admin.queue.pause.mutate({ intake: fault.intake })),
        () => answered(() => operator.api.admin.queue.resume.mutate()),
      );
  }
}
