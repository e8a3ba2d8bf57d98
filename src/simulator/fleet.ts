import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Faults, noFaults, strike } from './faults.ts';
import type { ReplicaState } from './fleet-state.ts';
import { seededRandom } from './nodes/random.ts';
import type { FleetOptions } from './options.ts';
import { type Claim, type Replica, send, startReplica } from './replica-process.ts';

/** The replica processes behind one endpoint: started on demand, stopped when idle; their records are kept. */
export class Fleet {
  private readonly replicas: Replica[] = [];
  private readonly changes = new EventEmitter().setMaxListeners(0);
  private options: FleetOptions;
  private readonly idleTimer: NodeJS.Timeout | null;
  private readonly temp = mkdtempSync(path.join(tmpdir(), 'simulated-workers-'));
  /** Replicas with an open WebSocket, each as often as it has one. */
  private readonly occupied: string[] = [];
  private started = 0;
  private stopping = false;
  readonly random: () => number;
  faults: Faults = noFaults;
  limits: { min: number; max: number };

  constructor(options: FleetOptions) {
    this.options = options;
    this.limits = { min: options.minReplicas, max: options.replicas };
    this.random = seededRandom(`fleet ${options.seed}`);
    const { idleMs } = options;
    this.idleTimer = idleMs === null ? null : setInterval(() => this.stopIdle(idleMs), Math.max(20, idleMs / 10));
    this.scaleUp(0);
  }

  states(): ReplicaState[] {
    return this.replicas.map(({ state }) => state);
  }

  private alive(): Replica[] {
    return this.replicas.filter(({ state }) => state.phase !== 'gone');
  }

  private ready(): Replica[] {
    return this.replicas.filter(({ state, port }) => state.phase === 'ready' && port !== null);
  }

  /** Those that take a request. */
  private free(): Replica[] {
    const ready = this.ready();
    return this.faults.webSockets === 'occupy' ? ready.filter(({ state }) => !this.occupied.includes(state.id)) : ready;
  }

  /** A WebSocket is open there until what is returned is called. */
  occupy(replicaId: string): () => void {
    this.occupied.push(replicaId);
    return () => {
      this.occupied.splice(this.occupied.indexOf(replicaId), 1);
      this.changes.emit('ready');
    };
  }

  /** Starts replicas until there are as many, ready or starting, as the load needs. */
  scaleUp(held: number): void {
    if (this.stopping) return;
    const prompts = this.alive().reduce(
      (sum, { state }) => sum + state.pending.length + (state.running === null ? 0 : 1),
      0,
    );
    const taken = this.faults.webSockets === 'occupy' ? this.occupied.length : 0;
    const wanted = Math.max(this.limits.min, Math.min(this.limits.max, held + prompts + taken));
    while (this.alive().length < wanted) this.start();
  }

  private start(): void {
    const { coldStartMs } = this.options;
    const [shortest, longest] = typeof coldStartMs === 'number' ? [coldStartMs, coldStartMs] : coldStartMs;
    const startAt = Date.now() + shortest + this.random() * (longest - shortest);
    const replica = startReplica(`r${++this.started}`, this.options, this.temp, {
      up: (replica) => setTimeout(() => this.becomeReady(replica), Math.max(0, startAt - Date.now())),
      claimed: (replica, claim) => this.answerClaim(replica, claim),
      gone: () => this.scaleUp(this.held()),
    });
    this.replicas.push(replica);
  }

  private becomeReady(replica: Replica): void {
    if (replica.state.phase !== 'starting' || this.faults.coldStartHangs) return;
    replica.state.phase = 'ready';
    replica.lastRequest = Date.now();
    send(replica, { type: 'faults', faults: this.faults });
    this.changes.emit('ready');
  }

  private answerClaim(replica: Replica, { id, fault: index, kind }: Claim): void {
    const fault = this.faults.nodes[index];
    const granted = fault?.kind === kind && strike(fault, this.random);
    if (granted) this.broadcastFaults();
    send(replica, { type: 'claimed', id, granted });
  }

  private broadcastFaults(): void {
    for (const replica of this.ready()) send(replica, { type: 'faults', faults: this.faults });
  }

  setFaults(faults: Faults): void {
    const released = this.faults.coldStartHangs && !faults.coldStartHangs;
    this.faults = faults;
    this.broadcastFaults();
    if (released) for (const replica of this.replicas) if (replica.port !== null) this.becomeReady(replica);
  }

  /**
   * Where to send one request: any ready replica, with strict routing none that has the prompt which the request
   * names. Null when none came up in time, or the caller went away.
   */
  async pick(
    abandoned: AbortSignal,
    promptId: string | null,
  ): Promise<{ id: string; port: number; agent: Agent } | null> {
    this.scaleUp(this.held() + 1);
    const deadline = Date.now() + this.options.holdMs;
    while (this.free().length === 0) {
      if (abandoned.aborted || this.stopping || Date.now() >= deadline) return null;
      await this.nextReady(deadline - Date.now(), abandoned);
    }
    const ready = this.routable(promptId);
    const replica = ready[Math.floor(this.random() * ready.length)];
    if (!replica || replica.port === null) return null;
    replica.lastRequest = Date.now();
    return { id: replica.state.id, port: replica.port, agent: replica.agent };
  }

  private routable(promptId: string | null): Replica[] {
    const ready = this.free();
    if (promptId === null || this.options.routing === 'random') return ready;
    const others = ready.filter(
      ({ state }) =>
        state.running !== promptId &&
        !state.pending.includes(promptId) &&
        !state.executed.some((one) => one.promptId === promptId),
    );
    return others.length > 0 ? others : ready;
  }

  private async nextReady(limitMs: number, abandoned: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([abandoned, AbortSignal.timeout(Math.max(0, limitMs))]);
    await once(this.changes, 'ready', { signal }).catch(() => undefined);
  }

  /** Requests that wait for a replica. */
  held(): number {
    return this.changes.listenerCount('ready');
  }

  isCold(): boolean {
    return this.alive().length === 0;
  }

  /** All replicas and those to come, or one, get another version. */
  update(update: number, which: string | null): void {
    if (which === null) this.options = { ...this.options, update };
    for (const replica of this.ready())
      if (which === null || replica.state.id === which) send(replica, { type: 'update', update });
  }

  /** A replica that only renders gets no requests and seems idle; blind scale-down stops it in the middle of a render. */
  private stopIdle(idleMs: number): void {
    for (const replica of this.ready()) {
      if (this.alive().length <= this.limits.min) return;
      const { state } = replica;
      const busy = state.running !== null || state.pending.length > 0;
      if (busy && !this.options.blindScaleDown) continue;
      if (Date.now() - replica.lastRequest >= idleMs) this.end(replica, 'SIGTERM');
    }
  }

  private end(replica: Replica, signal: 'SIGTERM' | 'SIGKILL'): void {
    replica.state.phase = 'gone';
    replica.process.kill(signal);
  }

  /** Kills the replica with this id, or one that runs a prompt, without warning. Returns its id. */
  kill(which: string): string | null {
    const replica = this.alive().find(({ state }) => (which === 'busy' ? state.running !== null : state.id === which));
    if (!replica) return null;
    this.end(replica, 'SIGKILL');
    return replica.state.id;
  }

  scaleToZero(): void {
    for (const replica of this.alive()) this.end(replica, 'SIGTERM');
  }

  async minimumReady(): Promise<void> {
    const none = new AbortController().signal;
    while (this.ready().length < this.limits.min) await this.nextReady(1000, none);
  }

  stop(): void {
    this.stopping = true;
    if (this.idleTimer) clearInterval(this.idleTimer);
    for (const replica of this.alive()) this.end(replica, 'SIGKILL');
    this.changes.emit('ready');
    rmSync(this.temp, { recursive: true, force: true });
  }
}
