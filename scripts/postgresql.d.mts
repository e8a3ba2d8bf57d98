export function postgresqlPrograms(): string | null;

export type OwnPostgresql = {
  readonly url: string;
  start(): Promise<void>;
  halt(): Promise<void>;
  stop(): Promise<void>;
};
export function startPostgresql(): Promise<OwnPostgresql | null>;
