import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { z } from 'zod';
import { type FaultsPatch, faultsSchema, strike } from './faults.ts';
import { fromReplicaSchema, type ToReplica } from './messages.ts';
import type { ReplicaOptions } from './options.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where our programs are built for this run. */
    programs: string;
  }
}

const accepted = z.object({
  prompt_id: z.string(),
  number: z.number(),
  node_errors: z.record(z.string(), z.unknown()),
});

const image = z.object({ filename: z.string(), subfolder: z.string(), type: z.string() });
const historyEntry = z.object({
  prompt: z.array(z.unknown()),
  outputs: z.record(z.string(), z.record(z.string(), z.array(z.union([image, z.unknown()])))),
  status: z.object({
    status_str: z.string(),
    completed: z.boolean(),
    messages: z.array(z.tuple([z.string(), z.record(z.string(), z.unknown())])),
  }),
  meta: z.record(z.string(), z.unknown()),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

export type TestReplica = {
  url: string;
  pid: number;
  outputs: string;
  inputs: string;
  exited: Promise<void>;
  send(message: ToReplica): void;
  setFaults(faults: FaultsPatch): void;
  post(body: unknown): Promise<{ status: number; id: string; json: unknown }>;
  /** Waits until the prompt is in the history. */
  result(id: string): Promise<HistoryEntry>;
  run(prompt: unknown, more?: { [key: string]: unknown }): Promise<HistoryEntry>;
  stop(): Promise<void>;
};

/** Checks again and again until there is something; the test's own time limit ends it. */
export async function until<T>(
  check: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  for (;;) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'simulator-test-'));

/** One replica process, as the fleet would start it. */
export async function startReplica(options: Partial<ReplicaOptions> = {}): Promise<TestReplica> {
  const root = newFolder();
  const outputs = options.outputs ?? path.join(root, 'outputs');
  const inputs = options.inputs ?? path.join(root, 'inputs');
  const full: ReplicaOptions = {
    id: 't',
    version: '0.3.64',
    update: 1,
    page: true,
    temp: path.join(root, 'temp'),
    pace: 0,
    models: {},
    disableMetadata: false,
    previews: false,
    ...options,
    outputs,
    inputs,
  };
  const child = fork(path.join(inject('programs'), 'simulator/replica-main.js'), [JSON.stringify(full)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let faults = faultsSchema.parse({});
  const send = (message: ToReplica): void => {
    if (child.connected) child.send(message);
  };
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The replica ended with ${code}.`)));
    child.on('message', (raw) => {
      const message = fromReplicaSchema.parse(raw);
      if (message.type === 'ready') resolve(message.port);
      if (message.type !== 'claim') return;
      const fault = faults.nodes[message.fault];
      const granted = fault?.kind === message.kind && strike(fault, Math.random);
      send({ type: 'faults', faults });
      send({ type: 'claimed', id: message.id, granted });
    });
  });
  const url = `http://127.0.0.1:${port}`;

  async function post(body: unknown): Promise<{ status: number; id: string; json: unknown }> {
    const response = await fetch(`${url}/prompt`, { method: 'POST', body: JSON.stringify(body) });
    const json: unknown = response.status === 500 ? await response.text() : await response.json();
    const parsed = accepted.safeParse(json);
    return { status: response.status, id: parsed.success ? parsed.data.prompt_id : '', json };
  }
  const result = (id: string): Promise<HistoryEntry> =>
    until(async () => {
      const response = await fetch(`${url}/history/${encodeURIComponent(id)}`);
      return z.record(z.string(), historyEntry).parse(await response.json())[id];
    });

  return {
    url,
    pid: child.pid ?? 0,
    outputs,
    inputs,
    exited,
    send,
    setFaults: (patch) => {
      faults = faultsSchema.parse({ ...faults, ...patch });
      send({ type: 'faults', faults });
    },
    post,
    result,
    run: async (prompt, more = {}) => {
      const { status, id, json } = await post({ prompt, ...more });
      if (status !== 200) throw new Error(`The prompt was refused: ${JSON.stringify(json)}`);
      return result(id);
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      rmSync(root, { recursive: true, force: true });
    },
  };
}
