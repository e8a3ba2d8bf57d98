import { appErrorIn } from '#src/domain/errors.ts';
import { type CaptureFault, captureWords } from '#src/domain/front-end/capture-words.ts';
import { captureStep } from '#src/domain/front-end/due.ts';
import { type FrontEnd, withExtras } from '#src/domain/front-end/front-end.ts';
import type { FrontEndCaptures, FrontEndReader, FrontEndStore } from '#src/ports/comfyui/front-end.ts';
import type { NodeCatalogues } from '#src/ports/comfyui/node-catalogue.ts';
import type { Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Measurements } from '#src/ports/statistics.ts';
import { livesOf } from '#src/services/endpoints/lives-of.ts';
import type { createFrontEnds } from '../../state/front-ends.ts';
import type { Timings } from '../../timings.ts';
import { createLoop } from '../loop.ts';

type Deps = {
  endpoints: Pick<EndpointStore, 'list'>;
  measurements: Measurements;
  frontEndStore: FrontEndStore;
  frontEndReader: FrontEndReader;
  frontEnds: ReturnType<typeof createFrontEnds>;
  givenFrontEnd: FrontEnd | null;
  nodeCatalogues: Pick<NodeCatalogues, 'keep' | 'notes'>;
  timings: { readonly frontEnd: Timings['frontEnd'] };
  bus: Bus;
  clock: Clock;
  log: Log;
};

const EVERY_MS = 30_000;

const versionsOf = ({ versions: { comfyui, frontEnd } }: FrontEnd): Record<string, string> => ({
  ...(comfyui !== null && { comfyui }),
  ...(frontEnd !== null && { frontend: frontEnd }),
});

/** Reads ComfyUI's page and nodes from an endpoint, one after another: while a job runs there that was seen to start, or when an operator asks for it, and never otherwise. */
export function createFrontEndCaptures(deps: Deps): FrontEndCaptures & { start(): void; stop(): Promise<void> } {
  const abort = new AbortController();
  const running = new Set<string>();
  const checked = new Map<string, number>();
  const failures = new Map<string, { readonly at: number; readonly fault: CaptureFault }>();
  let last: Promise<void> = Promise.resolve();

  async function cleanUp(): Promise<void> {
    const ids = (await deps.endpoints.list()).map(({ id }) => id);
    await deps.frontEndStore.cleanUp(ids, [...(deps.givenFrontEnd?.files.values() ?? [])]);
  }

  const currentOf = async (endpointId: string): Promise<FrontEnd | null> =>
    (await deps.frontEnds.composed()).sources.find((source) => source.endpointId === endpointId)?.frontEnd ?? null;

  async function capture(endpoint: Endpoint): Promise<CaptureFault | null> {
    const before = await currentOf(endpoint.id);
    const extras = before ? [...deps.frontEnds.extrasOf(before).keys()] : [];
    const wanted = [...new Set([...(await deps.frontEnds.wantedOf(endpoint.id)), ...extras.reverse()])];
    const outcome = await deps.frontEndReader.capture(
      endpoint,
      wanted.slice(0, deps.timings.frontEnd.maxWanted),
      abort.signal,
    );
    if (outcome.type === 'failed') return outcome.fault;
    const { frontEnd, nodes } = outcome;
    const { capturedAt } = frontEnd;
    await deps.nodeCatalogues.keep(endpoint.id, nodes.objectInfo, {
      ...nodes,
      versions: versionsOf(frontEnd),
      capturedAt,
    });
    await deps.frontEndStore.keep(endpoint.id, frontEnd);
    deps.frontEnds.changed(true);
    deps.frontEnds.missed(wanted.filter((path) => !frontEnd.extras.has(path) && !frontEnd.files.has(path)));
    deps.log.info({ endpoint: endpoint.name, files: frontEnd.files.size }, 'ComfyUI’s page was read from a worker');
    return null;
  }

  /** All of it only where the page is another one now; else what somebody's page wanted. */
  async function compare(endpoint: Endpoint): Promise<CaptureFault | null> {
    const current = await currentOf(endpoint.id);
    const now = await deps.frontEndReader.key(endpoint, abort.signal);
    if ('fault' in now) return now.fault;
    if (!current || now.key !== current.key) return capture(endpoint);
    const wanted = (await deps.frontEnds.wantedOf(endpoint.id)).slice(0, deps.timings.frontEnd.maxWanted);
    if (wanted.length === 0) return null;
    const found = await deps.frontEndReader.files(endpoint, wanted, abort.signal);
    const extras = withExtras({ extras: deps.frontEnds.extrasOf(current) }, found);
    await deps.frontEndStore.keep(endpoint.id, { ...current, extras });
    deps.frontEnds.changed(false);
    deps.frontEnds.missed(wanted.filter((path) => !found.has(path)));
    return null;
  }

  async function run(endpoint: Endpoint, step: 'compare' | 'capture'): Promise<void> {
    const outcome = await (step === 'capture' ? capture(endpoint) : compare(endpoint))
      .then(async (fault) => {
        await cleanUp();
        return fault;
      })
      .catch((error: unknown): CaptureFault | null => {
        if (abort.signal.aborted) return null;
        const said = appErrorIn(error)?.message ?? 'Something went wrong here; the log has the details.';
        deps.log.warn({ err: error, endpoint: endpoint.name }, 'ComfyUI’s page could not be kept');
        return { type: 'not_kept', said };
      });
    const at = deps.clock.now();
    checked.set(endpoint.id, at);
    if (outcome === null) failures.delete(endpoint.id);
    else {
      failures.set(endpoint.id, { at, fault: outcome });
      deps.log.warn(
        { endpoint: endpoint.name, why: captureWords(outcome).sentence },
        'ComfyUI’s page could not be read',
      );
    }
  }

  /** False where it is under way already. */
  function begin(endpoint: Endpoint, step: 'compare' | 'capture'): boolean {
    if (running.has(endpoint.id) || abort.signal.aborted) return false;
    running.add(endpoint.id);
    last = last
      .then(() => (abort.signal.aborted ? undefined : run(endpoint, step)))
      .finally(() => {
        running.delete(endpoint.id);
        deps.bus.announce({ type: 'settings.changed' });
      });
    return true;
  }

  const loop = createLoop('front-ends', EVERY_MS, tick, deps.log);
  async function tick(): Promise<void> {
    const now = deps.clock.now();
    const isDue = ({ id }: Endpoint) => now - (checked.get(id) ?? 0) >= deps.timings.frontEnd.checkEveryMs;
    const due = (await deps.endpoints.list()).filter(isDue);
    if (due.length === 0) return;
    const nodes = await deps.nodeCatalogues.notes();
    for (const endpoint of due) {
      const facts = {
        lives: await livesOf(deps, endpoint.id),
        checkedAt: checked.get(endpoint.id) ?? null,
        capturedAt: (nodes.has(endpoint.id) && (await currentOf(endpoint.id))?.capturedAt) || null,
      };
      const step = captureStep(facts, now, deps.timings.frontEnd);
      if (step !== 'nothing') begin(endpoint, step);
    }
  }

  let unlisten: () => void = () => undefined;
  return {
    start() {
      unlisten = deps.bus.listen((signal) => {
        if (signal.type === 'job.moved' && signal.to === 'running') loop.nudge();
      });
      loop.start();
    },
    async stop() {
      unlisten();
      abort.abort();
      await loop.stop();
      await last;
    },
    refresh: (endpoint) => begin(endpoint, 'capture'),
    given: () => deps.givenFrontEnd && { version: deps.givenFrontEnd.versions.frontEnd },
    async states() {
      const [endpoints, all] = await Promise.all([deps.endpoints.list(), deps.frontEnds.composed()]);
      return endpoints.map(({ id }) => {
        const kept = all.sources.find((source) => source.endpointId === id)?.frontEnd;
        return {
          endpointId: id,
          isPrimary: all.primaryId === id,
          kept: kept
            ? {
                capturedAt: kept.capturedAt,
                versions: kept.versions,
                leftOut: kept.leftOut,
                files: kept.files.size,
                bytes: [...kept.files.values()].reduce((sum, { bytes }) => sum + bytes, 0),
              }
            : null,
          clashes: all.clashes.get(id) ?? [],
          isRunning: running.has(id),
          failure: failures.get(id) ?? null,
        };
      });
    },
  };
}
