import type { WebSocket } from 'ws';
import { comfyuiStatus } from '#src/domain/comfyui-messages/entries.ts';
import { isSocketNode } from '#src/domain/comfyui-messages/graph-nodes.ts';
import { isBegun, type PromptState } from '#src/domain/comfyui-messages/tell.ts';
import { firstSaid, owesAnEnd, tellAll, toldToAll } from '#src/domain/comfyui-messages/tell-all.ts';
import type { ComfyuiJob, ComfyuiJobs } from '#src/ports/comfyui/jobs.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { JobReader } from '#src/ports/jobs.ts';
import type { LivePreviews, LiveRuns } from '#src/ports/live-runs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Result, ResultStore } from '#src/ports/results.ts';
import { factsOf, filesOf } from './read-prompts.ts';
import { createSocket, type Socket } from './socket.ts';

/** Some programs take a socket that is silent for longer than ten seconds for dead. */
const STATUS_EVERY_MS = 4000;
const SILENT_MS = 3500;
/** How far back, and how many, a page is told that was away. */
const AWAY_MS = 86_400_000;
const MAX_UNTOLD = 200;
/** The most of a node's picture that is sent as bytes. */
const MAX_PICTURE_BYTES = 50_000_000;

type Deps = {
  comfyuiJobs: ComfyuiJobs;
  jobs: Pick<JobReader, 'nodesOf'>;
  results: Pick<ResultStore, 'ofJobs' | 'find'>;
  gallery: Pick<Gallery, 'read'>;
  liveRuns: Pick<LiveRuns, 'of'>;
  livePreviews: Pick<LivePreviews, 'watch'>;
  bus: Pick<Bus, 'listen'>;
  clock: Clock;
  log: Log;
};

type Nodes = Pick<PromptState, 'anyNode' | 'classes'>;
type Known = ComfyuiJob & Pick<PromptState, 'files'> & Nodes;

/** One person's sockets, and what was last read for them. */
type Room = {
  readonly userId: string;
  readonly sockets: Set<Socket>;
  readonly nodes: Map<string, Nodes>;
  jobs: readonly Known[];
  remaining: number;
  /** Which jobs wait and which run. */
  queue: string;
  wants: { read: boolean; pulse: boolean } | null;
  turn: Promise<void> | null;
  timer: NodeJS.Timeout | null;
};

export function createComfyuiSockets(deps: Deps) {
  const { comfyuiJobs, clock, log } = deps;
  const rooms = new Map<string, Room>();
  const fault = (err: unknown): void => log.error({ err }, 'could not tell a ComfyUI client what its jobs do');

  async function nodesOf(room: Room, jobId: string): Promise<Nodes> {
    const known = room.nodes.get(jobId);
    if (known) return known;
    const nodes = [...(await deps.jobs.nodesOf(jobId))];
    const anyNode = (nodes.find(([, { classType }]) => !isSocketNode(classType)) ?? nodes[0])?.[0] ?? '1';
    const made = { anyNode, classes: new Map(nodes.map(([id, { classType }]) => [id, classType])) };
    room.nodes.set(jobId, made);
    return made;
  }

  async function read(room: Room): Promise<void> {
    const alive = await comfyuiJobs.alive(room.userId);
    room.remaining = alive.length;
    room.queue = JSON.stringify(alive.map(({ promptId, job }) => [promptId, comfyuiStatus(job.status)]));
    const clientIds = [...new Set([...room.sockets].map(({ clientId }) => clientId))];
    const untold = await comfyuiJobs.untold({
      userId: room.userId,
      clientIds,
      endedSince: clock.now() - AWAY_MS,
      limit: MAX_UNTOLD,
    });
    const begun = untold.filter((one) => isBegun(factsOf(one)));
    const files = await filesOf(deps, begun, true);
    const jobs: Known[] = [];
    for (const one of untold) jobs.push({ ...one, files: files(one), ...(await nodesOf(room, one.job.id)) });
    room.jobs = jobs;
    const ids = new Set(untold.map(({ job }) => job.id));
    for (const id of room.nodes.keys()) if (!ids.has(id)) room.nodes.delete(id);
  }

  async function pictureOf(resultId: string): Promise<(Pick<Result, 'mime'> & { bytes: Uint8Array }) | null> {
    const result = await deps.results.find(resultId);
    if (!result || result.bytes > MAX_PICTURE_BYTES) return null;
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of deps.gallery.read(result.path)) pieces.push(piece);
    } catch {
      return null;
    }
    return { mime: result.mime, bytes: Buffer.concat(pieces) };
  }

  const promptOf = (one: Known): PromptState => ({
    facts: factsOf(one),
    files: one.files,
    live: one.job.status === 'running' ? deps.liveRuns.of(one.job.id) : null,
    anyNode: one.anyNode,
    classes: one.classes,
  });

  async function tellSocket(room: Room, socket: Socket, isPulse: boolean): Promise<number | null> {
    const listener = socket.listener();
    if (listener === null) return null;
    const own = room.jobs.filter(({ clientId }) => clientId === socket.clientId);
    const prompts = own.map(promptOf);
    const before = new Map(
      own.map((one) => [
        one.promptId,
        socket.memory.get(one.promptId) ?? firstSaid(one.told, factsOf(one), listener, socket.openedAt),
      ]),
    );
    // A program that is told of the queue looks whether its job is there, and may find that it has just ended.
    const queue = listener === 'page' ? room.queue : String(room.remaining);
    if (socket.queue !== queue && !owesAnEnd(prompts, before)) {
      socket.status(room.remaining);
      socket.queue = queue;
    }
    const { messages, memory, again } = tellAll(prompts, before, listener, clock.now());
    socket.memory = memory;
    await socket.tell(messages, room.remaining, pictureOf);
    if (messages.some(({ type }) => type === 'status')) socket.queue = queue;
    const isSilent = socket.silentMs() >= SILENT_MS;
    if (isPulse && isSilent && listener === 'program' && !owesAnEnd(prompts, memory)) socket.status(room.remaining);
    const watched = own.filter(({ job, promptId }) => job.status === 'running' && memory.get(promptId)?.isStarted);
    socket.look(new Map(watched.map(({ job, promptId }) => [job.id, promptId])));
    return again;
  }

  /** Kept so that nobody hears of an end twice, over a restart too. */
  async function keepTold(room: Room): Promise<void> {
    for (const one of room.jobs) {
      const sockets = [...room.sockets].filter(({ clientId }) => clientId === one.clientId);
      const told = toldToAll(
        one.told,
        sockets.map(({ memory }) => memory.get(one.promptId)),
      );
      if (told === one.told) continue;
      await comfyuiJobs.setTold(one.job.id, told);
      room.jobs = room.jobs.map((job) => (job.job.id === one.job.id ? { ...job, told } : job));
    }
  }

  async function look(room: Room, { read: isToRead, pulse }: { read: boolean; pulse: boolean }): Promise<void> {
    if (isToRead) await read(room);
    const times: number[] = [];
    for (const socket of room.sockets) {
      const again = await tellSocket(room, socket, pulse);
      if (again !== null) times.push(again);
    }
    await keepTold(room);
    if (room.timer) clearTimeout(room.timer);
    room.timer = null;
    if (times.length > 0 && room.sockets.size > 0)
      room.timer = setTimeout(() => want(room, false), Math.max(0, Math.min(...times) - clock.now()));
  }

  /** One after the other: what is told depends on what was told. */
  function want(room: Room, isToRead: boolean, pulse = false): void {
    room.wants = { read: isToRead || room.wants?.read === true, pulse: pulse || room.wants?.pulse === true };
    room.turn ??= (async () => {
      try {
        for (let wants = room.wants; wants && room.sockets.size > 0; wants = room.wants) {
          room.wants = null;
          await look(room, wants);
        }
      } catch (error) {
        // The next pulse tries again.
        fault(error);
      } finally {
        room.turn = null;
      }
    })();
  }

  const unlisten = deps.bus.listen((signal) => {
    if (signal.type !== 'stored' && signal.type !== 'run.moved') return;
    const room = rooms.get(signal.type === 'stored' ? signal.event.userId : signal.userId);
    if (room) want(room, signal.type === 'stored');
  });
  const pulsing = setInterval(() => {
    for (const room of rooms.values()) want(room, true, true);
  }, STATUS_EVERY_MS);
  pulsing.unref();

  function roomOf(userId: string): Room {
    const room = rooms.get(userId) ?? {
      userId,
      sockets: new Set(),
      nodes: new Map(),
      jobs: [],
      remaining: 0,
      queue: '',
      wants: null,
      turn: null,
      timer: null,
    };
    rooms.set(userId, room);
    return room;
  }

  async function enter(ws: WebSocket, who: { userId: string; clientId: string }): Promise<void> {
    const remaining = await comfyuiJobs.countAlive(who.userId);
    if (ws.readyState !== ws.OPEN) return;
    const room = roomOf(who.userId);
    const about = { livePreviews: deps.livePreviews, onPreviewFault: fault, clock };
    const socket = createSocket(ws, who, about, () => want(room, true));
    room.sockets.add(socket);
    ws.once('close', () => {
      room.sockets.delete(socket);
      if (room.sockets.size > 0) return;
      if (room.timer) clearTimeout(room.timer);
      rooms.delete(room.userId);
    });
    socket.status(remaining, who.clientId);
    socket.queue = String(remaining);
    ws.resume();
  }

  return {
    /** Everything else that is said waits for the first status. */
    open(ws: WebSocket, who: { userId: string; clientId: string }): void {
      ws.pause();
      enter(ws, who).catch((error: unknown) => {
        fault(error);
        ws.terminate();
      });
    },
    close(): void {
      clearInterval(pulsing);
      unlisten();
      for (const room of rooms.values()) if (room.timer) clearTimeout(room.timer);
    },
  };
}
export type ComfyuiSockets = ReturnType<typeof createComfyuiSockets>;
