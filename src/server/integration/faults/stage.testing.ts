import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { JobView } from '#src/api/views.ts';
import { ALIVE, type JobStatus } from '#src/domain/jobs/job.ts';
import type { Settings } from '#src/domain/settings/settings.ts';
import type { Deps } from '#src/server/process/deps.ts';
import { createBreakers } from '#src/server/state/circuit-breakers.ts';
import { TIMINGS } from '../../timings.ts';
import { productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import type { Refusal } from '../testing/visitor.ts';
import type { FaultRow, FaultTheme, ToldClosed, ToldNo } from './table.testing.ts';

/** The product in a hurry: everything that it waits for between looks is short. */
const SHORT_TIMINGS = {
  ...TIMINGS,
  quietMs: 400,
  graceMs: 800,
  lateEveryMs: 100,
  endQuietMs: 150,
  asking: {
    ...TIMINGS.asking,
    firstAfterMs: 100,
    reachWithinMs: 100,
    minPauseMs: 20,
    maxPauseMs: 50,
    lostChance: 0.01,
    lostAfterMs: 0,
  },
  coolDowns: { firstMs: 150, maxMs: 600 },
};
const SETTINGS = {
  intakePaused: false,
  dispatchPaused: false,
  inFlightCap: 20,
  waitingCap: 500,
  spotFirst: true,
  maxAttempts: 3,
  probe: true,
  // A worker by hand is one replica, whatever its capacity. What sending again does to faults: integration/jobs/balancing.test.ts and chaos.
  balancing: false,
  startBudgetMs: 60_000,
  jobTimeoutMs: 60_000,
} satisfies Partial<Settings>;
const NO_FAULTS = {
  requests: [],
  refuseConnections: false,
  coldStartHangs: false,
  swallow: false,
  slowByMs: 0,
  nodes: [],
};

type Options = Parameters<typeof productUnderTest>[0];

export async function openStage(options: Options) {
  let held: Deps | undefined;
  const product = await productUnderTest({
    fleet: { replicas: 1 },
    ...options,
    config: { pollMs: 30, ...options?.config },
    arrange(given) {
      const deps: Deps = {
        ...given,
        timings: SHORT_TIMINGS,
        breakers: createBreakers(given, SHORT_TIMINGS.coolDowns),
      };
      const arranged = options?.arrange?.(deps) ?? deps;
      held = arranged;
      return arranged;
    },
  });
  const [anna, ben] = await product.participants(['Anna', 'Ben']);
  if (!anna || !ben) throw new Error('Two participants should have been made.');
  const { admin } = product.operator.api;
  const deps = (): Deps => {
    if (!held) throw new Error('The product was never started.');
    return held;
  };

  const job = (id: string): Promise<JobView> => product.operator.api.jobs.get.query({ id });
  const at = (id: string, status: JobStatus): Promise<JobView> =>
    until(`job ${id} to be ${status}`, async () => {
      const found = await job(id);
      return found.status === status && found;
    });
  const stage = {
    product,
    anna,
    ben,
    admin,
    deps,
    submit: async (prompt: unknown, who: TestPerson = anna): Promise<string> =>
      (await who.api.jobs.submit.mutate({ prompt })).id,
    job,
    /** Waits until the job has this status. */
    at,
    /** Waits for the end of the job, whatever it is. */
    ended: (id: string): Promise<JobView> =>
      until(`the end of job ${id}`, async () => {
        const found = await job(id);
        return found.endedAt !== null && found;
      }),
    settings: (change: Partial<Settings>) => admin.settings.change.mutate(change),
    faults: (...args: Parameters<ReturnType<typeof product.fleet>['control']['setFaults']>) =>
      product.fleet().control.setFaults(...args),
    fleetState: () => product.fleet().control.state(),
    logged: (message: string) => product.log.filter((line) => line.message === message),
    /** The attempts that a replica of the product's own fleet executed to some end. */
    executed: async () => (await product.fleet().control.state()).replicas.flatMap(({ executed }) => executed),
    async endpoint(name: string) {
      const found = (await admin.endpoints.list.query()).find((one) => one.name === name);
      if (!found) throw new Error(`There is no endpoint "${name}".`);
      return found;
    },
    /** Jobs go to these endpoints and to no others. */
    async only(...names: string[]) {
      for (const { id, name, enabled } of await admin.endpoints.list.query())
        if (enabled !== names.includes(name)) await admin.endpoints.setEnabled.mutate({ id, enabled: !enabled });
    },
    /** Everything as at the start, whatever a case has left. */
    async reset() {
      await stage.settings({ ...SETTINGS, dispatchPaused: true });
      if (options?.fleet !== null) await stage.faults(NO_FAULTS);
      for (const who of [anna, ben])
        for (const { id } of (await who.api.jobs.list.query({ status: [...ALIVE] })).items)
          await who.api.jobs.cancel.mutate({ id }).catch((error: unknown) => {
            if (!(error instanceof Error && error.message.includes('already ended'))) throw error;
          });
      for (const { id } of await admin.endpoints.list.query()) deps().breakers.open(id);
      if (options?.fleet !== null) {
        await stage.only('GPUs');
        await until('the GPUs to be idle', async () => {
          const { replicas, held: waking } = await stage.fleetState();
          return (
            waking === 0 &&
            replicas.every(
              ({ phase, running, pending }) =>
                phase === 'gone' || (phase === 'ready' && running === null && pending.length === 0),
            )
          );
        });
      }
      product.log.splice(0);
      await stage.settings(SETTINGS);
    },
    stop: () => product.stop(),
  };
  await stage.reset();
  return stage;
}
export type FaultStage = Awaited<ReturnType<typeof openStage>>;

/** What a case ended with: a job as its owner sees it, or a "no"; and what the operator was shown. */
export type FaultSeen = { readonly told: JobView | Refusal | ToldNo | ToldClosed; readonly admin?: unknown };

function told(seen: FaultSeen['told']): FaultRow['told'] {
  if ('closed' in seen || 'refused' in seen) return seen;
  if ('appError' in seen) return { refused: seen.appError, http: seen.status, message: seen.message };
  const { status, reason, message, attempts, results, nodeErrors } = seen;
  return { status, reason, message, attempts, results: results.length, nodes: Object.keys(nodeErrors ?? {}) };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As vitest matches: objects may have more, texts may have any number for `<n>`, any id for `<id>`, any path for `<path>`. */
function matching(expected: unknown): unknown {
  if (typeof expected === 'string' && /<(n|id|time|path)>/.test(expected))
    return expect.stringMatching(
      new RegExp(
        `^${escaped(expected).replaceAll('<n>', '\\d+').replaceAll('<id>', '[0-9a-f-]{36}').replaceAll('<time>', '[0-9T:.-]+Z').replaceAll('<path>', '/\\S+')}$`,
      ),
    );
  if (Array.isArray(expected)) return expected.map(matching);
  if (typeof expected === 'object' && expected !== null)
    return expect.objectContaining(
      Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, matching(value)])),
    );
  return expected;
}

/** One test for each fault of a theme, all on the same stage. */
export function tryFaults<T extends FaultTheme, S extends Pick<FaultStage, 'product' | 'reset' | 'stop'>>(
  theme: T,
  open: () => Promise<S>,
  cases: { readonly [Name in keyof T]: (stage: S) => Promise<FaultSeen> },
  /** Why none of this can be tried here. */
  whyNot: string | null = null,
): void {
  describe.skipIf(whyNot !== null)(`faults${whyNot === null ? '' : ` (not here: ${whyNot})`}`, () => {
    let stage: S;
    beforeAll(async () => {
      stage = await open();
    });
    afterEach(() => stage.reset());
    afterAll(() => stage.stop());

    const faults: [string, FaultRow][] = Object.entries(theme);
    test.each(faults)('%s', async (name, fault) => {
      const seen = await cases[name]?.(stage);
      if (!seen) throw new Error('There is no case for this fault.');
      expect(told(seen.told)).toEqual(matching(fault.told));
      for (const line of fault.log ?? [])
        expect(stage.product.log).toContainEqual(matching({ ...line, facts: line.facts ?? {} }));
      if (fault.admin) expect(seen.admin).toEqual(matching(fault.admin.shows));
    });
  });
}
