import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { visitor } from '#src/server/integration/testing/visitor.ts';
import { startFleet } from '#src/simulator/start-fleet.ts';
import { mountSmallDisk } from './disk.ts';
import type { Evidence } from './evidence.ts';
import { judgeChaos } from './judge.ts';
import { collectEvidence, type Submitted, settle } from './look.ts';
import { type ChaosPerson, cancel, submit } from './person.ts';
import { type ChaosSize, type PlannedFault, planChaos } from './plan.ts';
import { createProgress } from './progress.ts';
import { createServer } from './server.ts';
import { createShareView } from './share.ts';
import { createJobStatistics } from './tally.ts';
import { strike, type World } from './trouble.ts';

const OPERATOR = { name: 'Teacher', password: 'chalk and blackboard' };
/** A GPU that died is found out by asking, never by this. */
const JOB_TIMEOUT_MS = 600_000;

export type ChaosOutcome = {
  /** Of all decisions: the same for the same seed. */
  readonly decisions: string;
  readonly evidence: Evidence;
  readonly findings: readonly string[];
  /** What the server logged about the jobs that the findings name. */
  readonly story: readonly string[];
  readonly done: readonly (readonly [string, string])[];
  readonly serverSaid: readonly (readonly [string, string])[];
  /** What could not be done here, and why. */
  readonly leftOut: readonly string[];
  readonly seconds: number;
};

/** A class of participants, GPUs that fail, and our own process killed in between; then everything is looked at and judged. */
export async function runChaos(
  seed: number,
  size: ChaosSize,
  say: (line: string) => void,
  database: string | null = null,
): Promise<ChaosOutcome> {
  const began = performance.now();
  const plan = planChaos(seed, size);
  const decisions = createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 12);
  const jobStatistics = createJobStatistics();
  const closers: (() => unknown)[] = [];
  let unexplained: () => readonly string[] = () => [];
  const root = await mkdtemp(join(tmpdir(), 'comfyume-chaos-'));
  try {
    const outputs = join(root, 'outputs');
    const mounted = await mountSmallDisk(outputs);
    const disk = 'whyNot' in mounted ? null : mounted;
    // Whatever ends this process, no mount stays and no folder.
    const leaveNothing = () => {
      disk?.unmount();
      rmSync(root, { recursive: true, force: true });
    };
    process.once('exit', leaveNothing);
    closers.push(leaveNothing, () => process.off('exit', leaveNothing));
    const leftOut = 'whyNot' in mounted ? [`A full disk was left out: ${mounted.whyNot}.`] : [];
    const share = await createShareView(root);
    const fleet = await startFleet({
      outputs: join(share.real, 'outputs'),
      inputs: join(share.real, 'inputs'),
      pace: 0,
      replicas: size.replicas,
      minReplicas: size.replicas,
      seed,
    });
    closers.push(() => fleet.stop());
    await fleet.control.setFaults({ slowByMs: size.slowByMs });
    const server = await createServer({
      DATA_DIR: join(root, 'data'),
      ...(database !== null && { DATABASE_URL: database }),
      OUTPUTS_DIR: outputs,
      SFS_DIR: share.view,
      SFS_POLL_MS: '200',
      ENDPOINTS: JSON.stringify([{ name: 'GPUs', url: fleet.url, capacity: size.replicas }]),
      ADMIN_NAME: OPERATOR.name,
      ADMIN_PASSWORD: OPERATOR.password,
    });
    closers.push(server.removeBundle, server.kill);
    unexplained = () => server.unexplained;
    const url = await server.start();

    const operator = visitor(url);
    await operator.api.session.login.mutate(OPERATOR);
    await operator.api.admin.settings.change.mutate({
      startBudgetMs: size.startBudgetMs,
      jobTimeoutMs: JOB_TIMEOUT_MS,
    });
    const people: ChaosPerson[] = [];
    const names = Array.from({ length: size.people }, (_, n) => `Person ${n + 1}`);
    for (const { name, passphrase } of await operator.api.admin.participants.create.mutate({ names })) {
      const who = visitor(url);
      await who.api.session.login.mutate({ name, password: passphrase });
      const feed = who.listen();
      closers.push(() => feed.close());
      await feed.ready;
      people.push({ ...who, name, feed });
    }
    const world: World = { server, fleet: fleet.control, share, disk, operator, people, jobStatistics };

    const progress = createProgress(operator, size.maxMs, (ended) => say(`${ended} of ${size.jobs} jobs have ended`));
    closers.push(progress.stop);
    const submitted: Submitted[] = [];
    const submitAll = async (person: ChaosPerson, index: number): Promise<void> => {
      const cancelling: Promise<void>[] = [];
      for (const planned of plan.jobs.filter(({ owner }) => owner === index)) {
        await progress.reach(planned.due);
        const id = await submit(person, planned, jobStatistics, seed);
        progress.submitted();
        const wish = planned.cancel;
        if (wish === null) submitted.push({ planned, id, cancel: 'not asked' });
        else
          cancelling.push(
            cancel(person, id, wish).then((what) => {
              jobStatistics.add(`cancels asked for ${wish.when}: ${what}`);
              submitted.push({ planned, id, cancel: what });
            }),
          );
      }
      await Promise.all(cancelling);
    };
    const trouble = async (faults: readonly PlannedFault[]): Promise<void> => {
      for (const { at, fault } of faults) {
        await progress.reach(at);
        if (fault.kind !== 'disk full' || disk) await strike(world, fault);
      }
    };
    const looking = progress.start();
    await Promise.race([
      server.gone,
      looking,
      Promise.all([...people.map(submitAll), ...plan.faults.map(trouble)]).then(() => progress.reach(size.jobs)),
    ]);
    progress.stop();
    await looking;
    await fleet.control.setFaults({ nodes: [], requests: [] });
    await settle(world);

    const struck = new Set(plan.faults.flat().map(({ fault }) => fault.kind));
    const evidence = await collectEvidence(world, { submitted, outputs, faults: [...struck] });
    const { requests } = await fleet.control.state();
    for (const [status, count] of Object.entries(requests['POST /prompt'] ?? {}))
      jobStatistics.add(`answers to POST /prompt: ${status}`, count);
    jobStatistics.add('starts of the server', server.starts());
    const openings = evidence.people.flatMap(({ received }) => received.filter(({ type }) => type === 'feed.ready'));
    jobStatistics.add('sockets that came back', openings.length - people.length);
    const findings = judgeChaos(evidence);
    const named = evidence.jobs.map(({ id }) => id).filter((id) => findings.some((finding) => finding.includes(id)));
    return {
      decisions,
      evidence,
      findings,
      story: server.log.filter((line) => named.some((id) => line.includes(id))),
      done: jobStatistics.rows(),
      serverSaid: [...server.said].sort(([, a], [, b]) => b - a).map(([message, count]) => [message, String(count)]),
      leftOut,
      seconds: (performance.now() - began) / 1000,
    };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error([words, ...unexplained()].join('\n'), { cause: error });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
