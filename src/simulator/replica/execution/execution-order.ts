import type { Catalog } from '../catalog.ts';
import { asLink, nodeOf } from '../graph.ts';
import type { JsonObject } from '../python.ts';

/** Chooses the next node: a ready output first, then the node that is closest to an output, then the first that is ready. */
export class ExecutionOrder {
  private readonly waitingFor = new Map<string, number>();
  private readonly feeds = new Map<string, Set<string>>();
  private readonly outputs = new Set<string>();

  constructor(prompt: JsonObject, outputs: readonly string[], catalog: Catalog, isCached: (id: string) => boolean) {
    for (const output of outputs) {
      const links: { from: string; to: string }[] = [];
      const open = [output];
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        if (this.waitingFor.has(id)) continue;
        this.waitingFor.set(id, 0);
        this.feeds.set(id, new Set());
        const { classType, inputs } = nodeOf(prompt, id);
        if (catalog.get(classType)?.isOutput) this.outputs.add(id);
        for (const value of Object.values(inputs)) {
          const link = asLink(value);
          if (!link || isCached(link.from)) continue;
          open.push(link.from);
          links.push({ from: link.from, to: id });
        }
      }
      for (const { from, to } of links) {
        const fed = this.feeds.get(from);
        if (!fed || fed.has(to)) continue;
        fed.add(to);
        this.waitingFor.set(to, (this.waitingFor.get(to) ?? 0) + 1);
      }
    }
  }

  next(): string | null {
    const ready = [...this.waitingFor].flatMap(([id, count]) => (count === 0 ? [id] : []));
    const feedsOutput = (id: string): boolean => [...(this.feeds.get(id) ?? [])].some((fed) => this.outputs.has(fed));
    return (
      ready.find((id) => this.outputs.has(id)) ??
      ready.find(feedsOutput) ??
      ready.find((id) => [...(this.feeds.get(id) ?? [])].some(feedsOutput)) ??
      ready[0] ??
      null
    );
  }

  done(id: string): void {
    this.waitingFor.delete(id);
    for (const fed of this.feeds.get(id) ?? []) this.waitingFor.set(fed, (this.waitingFor.get(fed) ?? 1) - 1);
    this.feeds.delete(id);
  }
}
