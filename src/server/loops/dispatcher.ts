import { listens } from '#src/domain/endpoints/listening.ts';
import { afterServing, chooseNext, type Queue, room } from '#src/domain/jobs/fairness.ts';
import { isFinal } from '#src/domain/jobs/job.ts';
import { HELD_MS } from '#src/domain/jobs/phase.ts';
import type { Breakers, Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus, Signal } from '#src/ports/events.ts';
import type { AttemptReader, JobMoves, JobQueue, JobReader } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { QueueBoard } from '#src/ports/queue.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Share } from '#src/ports/share.ts';
import type { StopAttempt, Worker } from '#src/ports/worker.ts';
import { type Claim, claimJob } from '#src/services/jobs/claim-job.ts';
import { sendJob } from '#src/services/jobs/send-job.ts';
import { showQueue } from '#src/services/jobs/show-queue.ts';
import { createWaitingLine } from '../state/queue/waiting-line.ts';
import { createLoop } from './loop.ts';
import type { Stopper } from './stop-attempts.ts';

type Deps = Parameters<typeof claimJob>[0] & {
  jobs: JobReader & JobQueue & AttemptReader & JobMoves;
  endpoints: EndpointStore;
  settings: SettingStore;
  worker: Worker;
  share: Pick<Share, 'makeFolder' | 'removeIfEmpty'>;
  breakers: Breakers;
  stopAttempt: StopAttempt;
  stopper: Pick<Stopper, 'whileSending'>;
  bus: Bus;
  clock: Clock;
  log: Log;
  board: QueueBoard;
};

const EVERY_MS = 1000;
const FINISH_SENDING_MS = 4000;
/** So many more of a participant's jobs than there is room for are looked at, where not all are: some may fit no endpoint that is free. */
const SPARE = 10;

/** Gives waiting jobs their turn: looks at the line, chooses, claims, fires. */
export function createDispatcher(deps: Deps) {
  const sending = new Set<Promise<void>>();
  const abort = new AbortController();
  const line = createWaitingLine(deps.jobs, deps.clock);
  /** As of the last look, and what has been heard since: whether an endpoint could take a job, and whether one waits. */
  const seen = { room: true, waiting: true };

  async function fire(endpoint: Endpoint, claim: Claim): Promise<void> {
    const { job } = claim;
    const held = setTimeout(() => {
      // Nothing is stored for it: that the request is being held follows from the clock (domain/jobs/phase.ts). The owner should look again.
      deps.bus.announce({ type: 'phase.moved', userId: job.userId, jobId: job.id });
    }, HELD_MS + 50);
    try {
      await deps.stopper.whileSending(claim.prompt.promptId, (signal) =>
        sendJob(deps, endpoint, claim, AbortSignal.any([abort.signal, signal])),
      );
    } catch (error) {
      deps.log.error(
        { err: error, job: job.id, endpoint: endpoint.name },
        'sending a job failed; its outcome will be read from the share',
      );
    } finally {
      clearTimeout(held);
    }
  }

  async function tick(): Promise<void> {
    seen.room = true;
    seen.waiting = false;
    const [settings, endpoints] = await Promise.all([deps.settings.read(), deps.endpoints.list()]);
    const rulesWith = (inFlight: Queue['inFlight']) => ({
      inFlightCap: settings.inFlightCap,
      spotFirst: settings.spotFirst,
      fairness: settings.fairness,
      paused: settings.dispatchPaused || abort.signal.aborted,
      endpoints: endpoints.map((endpoint) => ({
        ...endpoint,
        capacity: deps.breakers.capacity(
          endpoint.id,
          endpoint.capacity,
          inFlight.filter(({ endpointId }) => endpointId === endpoint.id).length,
        ),
      })),
    });
    const { isWhole, ...seenQueue } = await line.read(
      settings.fairness,
      (occupied) => room(occupied, rulesWith(occupied.inFlight)) + SPARE,
    );
    const rules = rulesWith(seenQueue.inFlight);
    let queue: Queue = seenQueue;
    for (let choice = chooseNext(queue, rules); choice !== null; choice = chooseNext(queue, rules)) {
      queue = afterServing(queue, choice, deps.clock.now());
      const endpoint = endpoints.find(({ id }) => id === choice?.endpointId);
      const claim = endpoint && (await claimJob(deps, { ...choice, isListened: listens(endpoint) }));
      if (!claim) {
        line.remove(choice.userId, choice.jobId);
        continue;
      }
      const task = fire(endpoint, claim).finally(() => sending.delete(task));
      sending.add(task);
    }
    seen.room = seen.room && room(queue, rules) > 0;
    seen.waiting = seen.waiting || queue.waiting.length > 0;
    if (isWhole) showQueue(deps, queue, settings.fairness);
  }

  /** A look is worth it only when somebody may be served by it. All else waits for the next one. */
  function hear(message: Signal): void {
    line.hear(message);
    if (message.type === 'settings.changed') loop.nudge();
    if (message.type !== 'job.moved') return;
    if (message.to === 'queued') seen.waiting = true;
    if (!message.isNew && (message.to === 'queued' || isFinal(message.to))) seen.room = true;
    if (message.isNew && (!seen.room || line.isLong())) deps.board.add(message);
    if (message.to === 'queued' ? seen.room || !message.isNew : isFinal(message.to) && seen.waiting) loop.nudge();
  }

  const loop = createLoop('dispatcher', EVERY_MS, tick, deps.log);
  let unlisten: () => void = () => undefined;

  return {
    tick,
    start() {
      unlisten = deps.bus.listen(hear);
      loop.start();
    },
    /** Sends nothing more; what is being sent gets a moment for its answer, and is otherwise left for the share to tell. */
    async stop() {
      unlisten();
      await loop.stop();
      const timer = setTimeout(() => abort.abort(), FINISH_SENDING_MS);
      await Promise.all(sending);
      clearTimeout(timer);
    },
  };
}
