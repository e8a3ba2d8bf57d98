import { createHash, randomUUID } from 'node:crypto';
import type { NodeValue } from '../../nodes/values.ts';
import type { Catalog } from '../catalog.ts';
import { asLink, nodeOf } from '../graph.ts';
import { dumps, type Json, type JsonObject } from '../python.ts';

export type CachedNode = { values: NodeValue[]; ui: { output: JsonObject; meta: JsonObject } | null };

/** Whether a node counts as changed although its inputs are the same; undefined: it has no such check. */
export type Fingerprint = (classType: string, inputs: JsonObject) => Promise<string | undefined>;

/**
 * What the last prompt made, by class and inputs of a node and all its ancestors. Node ids, prompt id, client and
 * metadata are not part of it, which is why a repeated prompt writes no file.
 */
export class OutputCache {
  private entries = new Map<string, CachedNode>();
  private keys = new Map<string, string>();
  private readonly catalog: Catalog;
  private readonly fingerprint: Fingerprint;

  constructor(catalog: Catalog, fingerprint: Fingerprint) {
    this.catalog = catalog;
    this.fingerprint = fingerprint;
  }

  /** Starts a prompt: computes the key of each node, and removes what none of its nodes can use. */
  async begin(prompt: JsonObject): Promise<void> {
    this.keys = new Map();
    const own = new Map<string, string>();
    for (const id of Object.keys(prompt)) own.set(id, await this.ownSignature(prompt, id));
    for (const id of Object.keys(prompt)) this.keys.set(id, this.keyOf(prompt, id, own));
    const kept = new Set(this.keys.values());
    for (const key of this.entries.keys()) if (!kept.has(key)) this.entries.delete(key);
  }

  private async ownSignature(prompt: JsonObject, id: string): Promise<string> {
    const { raw, classType, inputs } = nodeOf(prompt, id);
    const hidden = this.catalog.get(classType)?.hidden;
    const withId = hidden && [...hidden.values()].includes('UNIQUE_ID');
    if (raw.is_changed === undefined) {
      try {
        const print = await this.fingerprint(classType, inputs);
        if (print !== undefined) raw.is_changed = [print];
      } catch {
        // Its file is missing, so it equals nothing. The node will report that when it runs.
        return randomUUID();
      }
    }
    return JSON.stringify([classType, raw.is_changed ?? false, withId ? id : null]);
  }

  /** Hash over the node and its ancestors, which are numbered in the order in which they are found. */
  private keyOf(prompt: JsonObject, id: string, own: ReadonlyMap<string, string>): string {
    const order: string[] = [id];
    const places = new Map([[id, 0]]);
    const hash = createHash('sha256');
    for (let index = 0; index < order.length; index++) {
      const current = order[index] ?? id;
      const signature = own.get(current);
      hash.update(signature ?? randomUUID());
      if (signature === undefined) continue;
      const { inputs } = nodeOf(prompt, current);
      const parts: Json[] = [];
      for (const name of Object.keys(inputs).sort()) {
        const link = asLink(inputs[name]);
        if (!link) {
          parts.push([name, inputs[name] ?? null]);
          continue;
        }
        let place = places.get(link.from);
        if (place === undefined) {
          place = order.length;
          places.set(link.from, place);
          order.push(link.from);
        }
        parts.push([name, { ancestor: place, slot: link.slot }]);
      }
      hash.update(dumps(parts));
    }
    return hash.digest('hex');
  }

  get(id: string): CachedNode | undefined {
    const key = this.keys.get(id);
    return key === undefined ? undefined : this.entries.get(key);
  }

  set(id: string, entry: CachedNode): void {
    const key = this.keys.get(id);
    if (key !== undefined) this.entries.set(key, entry);
  }

  clear(): void {
    this.entries.clear();
  }
}
