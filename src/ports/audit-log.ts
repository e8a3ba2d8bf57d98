/** Something that an operator or, with `actor` null, the system did. */
export type AuditEvent = {
  readonly id: number;
  readonly at: number;
  readonly actor: { readonly id: string; readonly name: string } | null;
  /** The procedure that did it (`admin.queue.pause`), or a word of the system's (`endpoint.rests`). */
  readonly type: string;
  /** What it was done to: the id of a user, a job, an endpoint … */
  readonly subjectId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

export type AuditQuery = {
  readonly from: number | null;
  readonly to: number | null;
  readonly subjectId: string | null;
  /** `system` = nobody's. */
  readonly actorId?: string | null;
  /** Part of a type, an actor's name or a detail. */
  readonly words: string | null;
  /** Where there are words, these match too. */
  readonly besides?: {
    readonly types: readonly string[];
    readonly subjectIds: readonly string[];
    readonly detail: string | null;
  };
  readonly limit: number;
  /** Only older ones than this. */
  readonly beforeId: number | null;
};

export interface AuditLog {
  write(act: Omit<AuditEvent, 'id'>): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<AuditEvent[]>;
  /** Everybody who did something, by name. */
  actors(): Promise<{ id: string; name: string }[]>;
  forgetBefore(time: number): Promise<number>;
}
