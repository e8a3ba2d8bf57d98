import type { Room } from './surroundings.ts';

/** Whether work can be done just now, as of some seconds ago: looking costs little. */
export interface Condition {
  read(): Promise<{
    /** What keeps work from being done, in sentences. */
    readonly faults: readonly string[];
    readonly rooms: readonly Room[];
  }>;
}
