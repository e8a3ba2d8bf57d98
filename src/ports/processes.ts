/** One running comfyume. Several may share a PostgreSQL database. */
export type ProcessFacts = {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: number;
  /** It runs what only one may: sends jobs, collects files. */
  readonly isLeader: boolean;
  /** Processor time of the last seconds, 1 = a whole core. */
  readonly cpu: number;
  readonly residentBytes: number;
  readonly sockets: number;
};

export interface Processes {
  /** All that were heard of in the last seconds, this one first. */
  list(): readonly ProcessFacts[];
}
