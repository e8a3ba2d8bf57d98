import type { Finding } from '#src/domain/health/finding.ts';

/** Whether work can be done just now, as of some seconds ago: looking costs little. */
export interface HealthCheck {
  read(): Promise<{
    /** What keeps work from being done, in sentences. */
    readonly faults: readonly string[];
    readonly rooms: readonly Room[];
  }>;
}

export type HealthFindings = { readonly at: number; readonly findings: readonly Finding[] };

/** A disk that we use. Bytes; null = it does not tell, or gives no answer. */
export type Room = {
  readonly what: string;
  readonly dir: string;
  readonly free: number | null;
  readonly total: number | null;
};

/** What is around us: the share, the disks, the connections to endpoints. Looking changes nothing and starts no GPU. */
export interface SystemCheck {
  /** What was found last; looks when that has never been done. */
  found(): Promise<HealthFindings>;
  /** Looks now. Whoever asks meanwhile gets the same. */
  check(): Promise<HealthFindings>;
  rooms(): Promise<Room[]>;
}

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

/** The folders that we write to. */
export interface DiskSpace {
  /** The first one with too little room for more work; null = all have enough. */
  full(): Promise<{ readonly dir: string; readonly free: number } | null>;
}

/** Room on the database's disk that can be had at once, without writing to the database. */
export interface Reserve {
  /** Takes a little room while there is plenty. */
  keep(): Promise<void>;
  /** Gives it back, and removes what is made again when it is asked for. Gives the bytes that were freed. */
  release(): Promise<number>;
}
