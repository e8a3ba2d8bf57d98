import type { BrowserLogEntry, LOG_SOURCES, LogLevel } from '#src/domain/client-logs/browser-log.ts';

export type LogSource = (typeof LOG_SOURCES)[number];

export type ClientLog = {
  readonly id: number;
  readonly at: number;
  readonly user: { readonly id: string; readonly name: string };
  readonly level: LogLevel;
  readonly message: string;
  readonly stack: string | null;
  readonly source: LogSource;
  readonly page: string;
  readonly browser: string;
  readonly count: number;
};

export type LogGroup = {
  readonly group: string;
  readonly level: LogLevel;
  /** As it came last. */
  readonly message: string;
  readonly source: LogSource;
  readonly page: string;
  readonly browser: string;
  readonly count: number;
  readonly people: number;
  readonly lastAt: number;
};

/** Null = any. */
export type ClientLogFilter = {
  readonly userId: string | null;
  readonly source: LogSource | null;
  readonly level: LogLevel | null;
  /** Part of a message, a stack or a page. */
  readonly words: string | null;
  readonly group: string | null;
};

export type NewLogs = {
  readonly userId: string;
  readonly source: LogSource;
  readonly browser: string;
  readonly entries: readonly (Omit<BrowserLogEntry, 'at'> & { readonly at: number; readonly group: string })[];
};

export interface ClientLogs {
  write(logs: NewLogs): Promise<void>;
  /** The one that came last first. */
  groups(filter: ClientLogFilter, limit: number): Promise<LogGroup[]>;
  /** Newest first. */
  list(filter: ClientLogFilter & { readonly limit: number; readonly beforeId: number | null }): Promise<ClientLog[]>;
  /** Those of whom there is something, by name. */
  people(): Promise<{ id: string; name: string }[]>;
  clear(group: string): Promise<number>;
  /** Older ones than `before`, and more than the newest `most`. */
  forget(before: number, most: number): Promise<number>;
}

/** Keeps a browser that is out of control from filling the database. */
export interface LogGuard {
  /** AppError `too_many_attempts` with the seconds to wait. */
  enter(userId: string, entries: number): Promise<void>;
}
