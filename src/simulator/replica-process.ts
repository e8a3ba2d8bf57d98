import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { Agent } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReplicaState } from './fleet-state.ts';
import { type FromReplica, fromReplicaSchema, type ToReplica } from './messages.ts';
import type { FleetOptions, ReplicaOptions } from './options.ts';

const replicaFile = fileURLToPath(import.meta.url).endsWith('.ts') ? './replica-main.ts' : './replica-main.js';

export type Replica = {
  readonly state: ReplicaState;
  readonly process: ChildProcess;
  readonly agent: Agent;
  port: number | null;
  lastRequest: number;
};
export type Claim = Extract<FromReplica, { type: 'claim' }>;

type Events = {
  /** It listens; the cold start may last longer. */
  up(replica: Replica): void;
  claimed(replica: Replica, claim: Claim): void;
  gone(): void;
};

/** Starts the process of one replica and keeps its state up to date. */
export function startReplica(id: string, fleet: FleetOptions, folder: string, events: Events): Replica {
  const { version, update, page, outputs, inputs, pace, models, disableMetadata, previews } = fleet;
  const temp = path.join(folder, id);
  const options: ReplicaOptions = {
    id,
    version,
    update,
    page,
    temp,
    outputs,
    inputs,
    pace,
    models,
    disableMetadata,
    previews,
  };
  const inheritsLoader = process.execArgv.some((argument) => argument.includes('tsx'));
  const loader = replicaFile.endsWith('.ts') && !inheritsLoader ? ['--import', 'tsx'] : [];
  const child = fork(fileURLToPath(new URL(replicaFile, import.meta.url)), [JSON.stringify(options)], {
    execArgv: [...process.execArgv, ...loader],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const state: ReplicaState = {
    id,
    pid: child.pid ?? null,
    phase: 'starting',
    running: null,
    pending: [],
    executed: [],
  };
  const replica: Replica = {
    state,
    process: child,
    agent: new Agent({ keepAlive: true }),
    port: null,
    lastRequest: Date.now(),
  };
  let runningSince = Date.now();
  child.on('message', (raw) => {
    const message = fromReplicaSchema.parse(raw);
    switch (message.type) {
      case 'ready':
        replica.port = message.port;
        events.up(replica);
        return;
      case 'queue':
        if (message.running !== state.running) runningSince = Date.now();
        state.running = message.running;
        state.pending = message.pending;
        return;
      case 'ended':
        state.executed.push({
          promptId: message.promptId,
          outcome: message.outcome,
          startedAt: runningSince,
          endedAt: Date.now(),
        });
        return;
      case 'claim':
        events.claimed(replica, message);
        return;
      default:
        message satisfies never;
    }
  });
  child.on('exit', () => {
    state.phase = 'gone';
    rmSync(temp, { recursive: true, force: true });
    replica.agent.destroy();
    events.gone();
  });
  child.on('error', (error) => process.stderr.write(`Replica ${id}: ${error.message}\n`));
  return replica;
}

export function send({ process: child }: Replica, message: ToReplica): void {
  if (child.connected) child.send(message);
}
