import { setTimeout as sleep } from 'node:timers/promises';
import { Inputs } from '../../nodes/inputs.ts';
import type { NodeResult } from '../../nodes/node.ts';
import { Blocked } from '../../nodes/values.ts';
import { nodeOf } from '../graph.ts';
import type { QueueItem } from '../heap.ts';
import type { NodeClass } from '../node-info.ts';
import { isObject, type Json, type JsonObject, PythonError, repr, typeName } from '../python.ts';
import { ExecutionOrder } from './execution-order.ts';
import { nodeContext } from './node-context.ts';
import { asRaised, Interrupted, outOfMemory } from './node-errors.ts';
import { formattedInputs, inputValues } from './node-values.ts';
import { Progress } from './progress.ts';
import type { Execution, Outcome, Worker } from './worker.ts';

/** Runs one prompt on this worker: caches, order, messages and history as the real server has them. */
export class PromptRun {
  private readonly messages: Json[] = [];
  private readonly executed: string[] = [];
  private readonly prompt: JsonObject;
  private readonly clientId: string | null;
  private readonly progress: Progress;
  private readonly worker: Worker;
  private readonly item: QueueItem;
  private resolveEnded: () => void = () => {};
  private readonly ended = new Promise<void>((resolve) => {
    this.resolveEnded = resolve;
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

  /** Called once the run is in the history. */
  close(): void {
    this.resolveEnded();
  }

  private message(event: string, data: JsonObject, broadcast = false): void {
    const full = { ...data, timestamp: Date.now() };
    this.messages.push([event, full]);
    if (this.clientId !== null || broadcast) this.worker.sockets.send(event, full, this.clientId);
  }

  private sendToClient(event: string, data: JsonObject): void {
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
      this.sendToClient('executed', { node: id, display_node: id, output: cached.ui?.output ?? null, prompt_id });
      this.progress.finish(id);
      return null;
    }
    let formatted: JsonObject = {};
    try {
      this.progress.start(id);
      const nodeClass = catalog.get(classType);
      if (!nodeClass) throw new PythonError('KeyError', repr(classType));
      const values = inputValues(inputs, nodeClass, cache);
      formatted = formattedInputs(values, id, nodeClass, this.item);
      sockets.current.nodeId = id;
      this.sendToClient('executing', { node: id, display_node: id, prompt_id });
      this.throwIfInterrupted();
      if (await faults.strikes('kill', classType)) await faults.die();
      await faults.held(classType, () => this.throwIfInterrupted());
      if (faults.slowByMs > 0) await sleep(faults.slowByMs);
      if (await faults.strikes('outOfMemory', classType)) throw outOfMemory();
      const blocked = [...values.values()].find((value) => value instanceof Blocked);
      const result = blocked
        ? this.block(id, classType, blocked, nodeClass)
        : await this.call(id, classType, new Inputs(values));
      if (result.ui) this.sendToClient('executed', { node: id, display_node: id, output: result.ui, prompt_id });
      const meta = { node_id: id, display_node: id, parent_node: null, real_node_id: id };
      cache.set(id, { values: result.values, ui: result.ui ? { output: result.ui, meta } : null });
    } catch (error) {
      return this.fail(id, classType, formatted, error);
    }
    this.progress.finish(id);
    this.executed.push(id);
    return null;
  }

  /** A node with a blocked input does not run, and passes the block on; that is not an error of the prompt. */
  private block(id: string, node_type: string, { message }: Blocked, { outputs }: NodeClass): NodeResult {
    if (message !== null) {
      this.sendToClient('execution_error', {
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
      ...asRaised(known),
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

  private call(id: string, classType: string, inputs: Inputs): Promise<NodeResult> | NodeResult {
    const run = this.worker.nodes[classType];
    if (!run) {
      throw new PythonError('NotImplementedError', `This simulated worker cannot run the node class ${classType}.`);
    }
    const { worker, item, progress, ended } = this;
    const throwIfInterrupted = (): void => this.throwIfInterrupted();
    return run(inputs, nodeContext({ worker, item, progress, ended, throwIfInterrupted }, id, classType));
  }
}
