import type { ClassFacts } from '#src/domain/statistics/class-facts.ts';

/** What the figures of a class rest on, as the database has it. */
export interface ClassReading {
  /** Jobs and attempts that are alive or have ended since then. */
  since(time: number): Promise<ClassFacts>;
  /** What an hour of a GPU costs there, by endpoint; null = nobody has said. */
  prices(): Promise<ReadonlyMap<string, number | null>>;
}

/** The same, read seldom enough that looking at it costs little. */
export interface LastDay {
  read(): Promise<ClassFacts & { readonly prices: ReadonlyMap<string, number | null> }>;
}
