import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inputs } from '../../nodes/inputs.ts';
import type { NodeContext, NodeResult, NodeTable } from '../../nodes/node.ts';
import { outputPlace } from '../../nodes/output-path.ts';
import { Blocked, type NodeValue } from '../../nodes/values.ts';
import { writeInPieces } from '../../nodes/write-file.ts';
import { type Catalog, inputsOf, type NodeClass } from '../catalog.ts';
import { asLink, nodeOf } from '../graph.ts';
import type { QueueItem } from '../heap.ts';
import type { Sockets } from '../http/sockets.ts';
import type { HistoryResult, HistoryStatus } from '../prompt-queue.ts';
import { isObject, type Json, type JsonObject, PythonError, repr, typeName } from '../python.ts';
import type { SetOrder } from '../validation/validate.ts';
import { atLeast, since } from '../version.ts';
import { ExecutionOrder } from './execution-order.ts';
import type { FaultGate } from './fault-gate.ts';
import { formatValue } from './format-value.ts';
import type { OutputCache } from './output-cache.ts';
import { Progress } from './progress.ts';

class Interrupted extends Error {}

export type Outcome = 'success' | 'error' | 'interrupted';
export type Execution = { outcome: Outcome; result: HistoryResult; status: HistoryStatus };

export type Worker = {
  outputs: string;
  inputs: string;
  temp: string;
  pace: number;
  version: string;
  disableMetadata: boolean;
  catalog: Catalog;
  cache: OutputCache;
  sockets: Sockets;
  faults: FaultGate;
  nodes: NodeTable;
  setOrder: SetOrder;
  interrupt: { wanted: boolean };
  used: Set<string>;
};

const runFrames = [
  '  File "/comfyui/execution.py", line 496, in execute\n    <source line>\n',
  '  File "/comfyui/execution.py", line 315, in get_output_data\n    <source line>\n',
  '  File "/comfyui/execution.py", line 289, in _async_map_node_over_list\n    <source line>\n',
  '  File "/comfyui/execution.py", line 277, in process_inputs\n    <source line>\n',
];

const memoryTips =
  'This error means you ran out of memory on your GPU.\n\nTIPS: If the workflow worked before you might have accidentally set the batch_size to a large number.';

const outOfMemory = (): PythonError =>
  new PythonError(
    'torch.OutOfMemoryError',
    'Allocation on device \nCUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 139.72 GiB of which 11.44 GiB is free. Process 1 has 128.27 GiB memory in use. Of the allocated memory 126.95 GiB is allocated by PyTorch, and 606.52 MiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation.  See documentation for Memory Management  (https://pytorch.org/docs/stable/notes/cuda.html#environment-variables)',
  );

/** Runs one prompt on this worker: caches, order, messages and history as the real server has them. */
export class PromptRun {
  private readonly messages: Json[] = [];
  private readonly executed: string[] = [];
  private readonly prompt: JsonObject;
  private readonly clientId: string | null;
  private readonly progress: Progress;
  private readonly worker: Worker;
  private readonly item: QueueItem;
  private tellEnd: () => void = () => {};
  private readonly ended = new Promise<void>((resolve) => {
    this.tellEnd = resolve;
  });

  constructor(worker: Worker, item: QueueItem) {
    if (!isObject(item.extraData) && !Array.isArray(item.extraData) && typeof item.extraData !== 'string') {
      throw new PythonError('TypeError', `argument of type '${typeName(item.extraData)}' is not iterable`);
    }
    const client = isObject(item.extraData) ? item.extraData.client_id : undefined;
    this.worker = worker;
    this.item = item;
    this.prompt = item.prompt;
    this.clientId = typeof client === 'string' ? client : null;
    this.progress = new Progress(worker.sockets, item.promptId, this.clientId);
  }

  /** To be called once the history has the run. */
  close(): void {
    this.tellEnd();
  }

  private message(event: string, data: JsonObject, broadcast = false): void {
    const full = { ...data, timestamp: Date.now() };
    this.messages.push([event, full]);
    if (this.clientId !== null || broadcast) this.worker.sockets.send(event, full, this.clientId);
  }

  private tellClient(event: string, data: JsonObject): void {
    if (this.clientId !== null) this.worker.sockets.send(event, data, this.clientId);
  }

  async run(): Promise<Execution> {
    const { cache, sockets, catalog, setOrder } = this.worker;
    const prompt_id = this.item.promptId;
    this.worker.interrupt.wanted = false;
    sockets.current = { clientId: this.clientId, nodeId: null };
    this.message('execution_start', { prompt_id });
    await cache.begin(this.prompt);
    const ids = Object.keys(this.prompt);
    this.message('execution_cached', { nodes: ids.filter((id) => cache.get(id) !== undefined), prompt_id });
    const order = new ExecutionOrder(this.prompt, this.item.outputs, catalog, (id) => cache.get(id) !== undefined);
    let outcome: Outcome = 'success';
    for (let id = order.next(); id !== null; id = order.next()) {
      const failed = await this.runNode(id);
      if (failed) {
        outcome = failed;
        break;
      }
      order.done(id);
    }
    if (outcome === 'success') this.message('execution_success', { prompt_id });
    const outputs: JsonObject = {};
    const meta: JsonObject = {};
    for (const id of setOrder(ids)) {
      const ui = cache.get(id)?.ui;
      if (!ui) continue;
      outputs[id] = ui.output;
      meta[id] = ui.meta;
    }
    sockets.current.nodeId = null;
    return {
      outcome,
      result: { outputs, meta },
      status: {
        status_str: outcome === 'success' ? 'success' : 'error',
        completed: outcome === 'success',
        messages: this.messages,
      },
    };
  }

  /** Runs or reuses one node; null if it went well. */
  private async runNode(id: string): Promise<Exclude<Outcome, 'success'> | null> {
    const { cache, sockets, catalog, faults } = this.worker;
    const prompt_id = this.item.promptId;
    const { classType, inputs } = nodeOf(this.prompt, id);
    const cached = cache.get(id);
    if (cached) {
      this.tellClient('executed', { node: id, display_node: id, output: cached.ui?.output ?? null, prompt_id });
      this.progress.finish(id);
      return null;
    }
    const formatted: JsonObject = {};
    try {
      this.progress.start(id);
      const nodeClass = catalog.get(classType);
      if (!nodeClass) throw new PythonError('KeyError', repr(classType));
      const values = this.inputValues(inputs, nodeClass);
      for (const [name, value] of values) formatted[name] = [formatValue(value)];
      this.addHidden(formatted, id, nodeClass);
      sockets.current.nodeId = id;
      this.tellClient('executing', { node: id, display_node: id, prompt_id });
      this.throwIfInterrupted();
      if (await faults.strikes('kill', classType)) await faults.die();
      await faults.held(classType, () => this.throwIfInterrupted());
      if (faults.slowByMs > 0) await sleep(faults.slowByMs);
      if (await faults.strikes('outOfMemory', classType)) throw outOfMemory();
      const blocked = [...values.values()].find((value) => value instanceof Blocked);
      const result = blocked
        ? this.block(id, classType, blocked, nodeClass)
        : await this.call(id, classType, new Inputs(values));
      if (result.ui) this.tellClient('executed', { node: id, display_node: id, output: result.ui, prompt_id });
      const meta = { node_id: id, display_node: id, parent_node: null, real_node_id: id };
      cache.set(id, { values: result.values, ui: result.ui ? { output: result.ui, meta } : null });
    } catch (error) {
      return this.fail(id, classType, formatted, error);
    }
    this.progress.finish(id);
    this.executed.push(id);
    return null;
  }

  /** A node with a blocked input does not run, and passes the block on; that is no error of the prompt. */
  private block(id: string, node_type: string, { message }: Blocked, { outputs }: NodeClass): NodeResult {
    if (message !== null) {
      this.tellClient('execution_error', {
        prompt_id: this.item.promptId,
        node_id: id,
        node_type,
        executed: [...this.executed],
        exception_message: `Execution Blocked: ${message}`,
        exception_type: 'ExecutionBlocked',
        traceback: [],
        current_inputs: [],
        current_outputs: [],
      });
    }
    return { values: outputs.map(() => new Blocked(null)) };
  }

  private fail(id: string, node_type: string, current_inputs: JsonObject, error: unknown): Exclude<Outcome, 'success'> {
    const { setOrder } = this.worker;
    const about = { prompt_id: this.item.promptId, node_id: id, node_type, executed: setOrder(this.executed) };
    if (error instanceof Interrupted) {
      process.stderr.write('Processing interrupted\n');
      this.message('execution_interrupted', about, true);
      return 'interrupted';
    }
    const known = error instanceof PythonError ? error : new PythonError('RuntimeError', String(error));
    process.stderr.write(`!!! Exception during processing !!! ${known.message}\n`);
    this.message('execution_error', {
      ...about,
      exception_message: `${known.message}\n${known.type === 'torch.OutOfMemoryError' ? memoryTips : ''}`,
      exception_type: known.type,
      traceback: [...runFrames, ...known.frames],
      current_inputs,
      current_outputs: setOrder(Object.keys(this.prompt)),
    });
    return 'error';
  }

  private throwIfInterrupted(): void {
    if (!this.worker.interrupt.wanted) return;
    this.worker.interrupt.wanted = false;
    throw new Interrupted();
  }

  private inputValues(inputs: JsonObject, nodeClass: NodeClass): Map<string, NodeValue> {
    const values = new Map<string, NodeValue>();
    for (const { name } of inputsOf(nodeClass, inputs)) {
      const given = inputs[name];
      if (given === undefined) continue;
      const link = asLink(given);
      const value = link ? this.worker.cache.get(link.from)?.values[link.slot] : given;
      if (value !== undefined) values.set(name, value);
    }
    return values;
  }

  private extraPnginfo(): Json {
    const { extraData } = this.item;
    if (!isObject(extraData))
      throw new PythonError('AttributeError', `'${typeName(extraData)}' object has no attribute 'get'`);
    return extraData.extra_pnginfo ?? null;
  }

  private addHidden(formatted: JsonObject, id: string, nodeClass: NodeClass): void {
    for (const [name, kind] of nodeClass.hidden) {
      if (kind === 'PROMPT') formatted[name] = [repr(this.prompt)];
      if (kind === 'UNIQUE_ID') formatted[name] = [id];
      if (kind !== 'EXTRA_PNGINFO') continue;
      const extra = this.extraPnginfo();
      formatted[name] = [typeof extra === 'object' && extra !== null ? repr(extra) : extra];
    }
  }

  private call(id: string, classType: string, inputs: Inputs): Promise<NodeResult> | NodeResult {
    const run = this.worker.nodes[classType];
    if (!run) {
      throw new PythonError('NotImplementedError', `This simulated worker cannot run the node class ${classType}.`);
    }
    return run(inputs, this.contextFor(id, classType));
  }

  private contextFor(id: string, classType: string): NodeContext {
    const { outputs, inputs, temp, pace, faults, sockets, used, disableMetadata, version } = this.worker;
    const bareCounters = atLeast(version, since.bareCounters);
    const alwaysMetadata = { prompt: this.prompt, extra: this.extraPnginfo() };
    const pause = (ms: number): Promise<void> =>
      ms * pace > 0 ? sleep(ms * pace) : new Promise((resolve) => setImmediate(resolve));
    return {
      nodeId: id,
      classType,
      outputs,
      inputs,
      temp,
      pace,
      secrets: this.item.secrets,
      ended: this.ended,
      alwaysMetadata,
      metadata: disableMetadata ? null : alwaysMetadata,
      pause,
      progress: async (value, max, preview) => {
        this.throwIfInterrupted();
        this.progress.step(id, value, max, preview);
        if (faults.slowByMs > 0) await sleep(faults.slowByMs);
      },
      sendText: (text) => sockets.textOfNode(id, text),
      firstUse: (name) => {
        const first = !used.has(name);
        used.add(name);
        return first;
      },
      place: (prefix, type, width, height) =>
        outputPlace(prefix, type === 'output' ? outputs : temp, { width, height }, bareCounters),
      writeFile: (file, pieces, pauseMs) =>
        writeInPieces(path.resolve(file), pieces, () => pause(pauseMs), {
          full: () => faults.strikes('diskFull', classType),
          die: () => faults.die(),
          dieAfter: async (written, next) => {
            const limit = faults.killAfterBytes(classType);
            if (limit === null || written + next < limit) return null;
            return (await faults.strikes('killMidFile', classType)) ? Math.max(0, limit - written) : null;
          },
        }),
    };
  }
}
