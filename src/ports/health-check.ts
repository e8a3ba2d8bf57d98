import type { Room } from './system-check.ts';

/** Whether work can be done just now, as of some seconds ago: looking costs little. */
export interface HealthCheck {
  read(): Promise<{
    /** What keeps work from being done, in sentences. */
    readonly faults: readonly string[];
    readonly rooms: readonly Room[];
  }>;
}
