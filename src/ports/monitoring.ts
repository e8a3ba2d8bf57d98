/** A program that watches over the machine, such as Grafana. */
export type Tool = {
  readonly name: string;
  /** For people: an address, or a path on our own. */
  readonly url: string;
  /** For us: what answers as long as it is well. */
  readonly check: string;
};

export type ToolState = Pick<Tool, 'name' | 'url'> & {
  /** Null = it answers. `since`: when that was seen first, which may be long after it began. */
  readonly problem: { readonly words: string; readonly since: number } | null;
};

export interface Monitoring {
  /** As of some seconds ago, in the order of the configuration. */
  list(): Promise<readonly ToolState[]>;
}
