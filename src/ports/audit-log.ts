/** Something that an operator or, with `actor` null, the system did. Names are those of the time when it was done. */
export type AuditEvent = {
  readonly id: number;
  readonly at: number;
  readonly actor: { readonly id: string; readonly name: string } | null;
  /** The participant in whose account the operator was. `id` null in entries of earlier versions. */
  readonly onBehalfOf: { readonly id: string | null; readonly name: string } | null;
  /** The procedure that did it (`admin.queue.pause`), or a word of the system's (`endpoint.rests`). */
  readonly type: string;
  /** What it was done to: the id of a user, a job, an endpoint … */
  readonly subjectId: string | null;
  readonly subjectName: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

export type NewAct = Omit<AuditEvent, 'id' | 'subjectName' | 'onBehalfOf'> & {
  readonly onBehalfOf?: { readonly id: string; readonly name: string };
};

export type AuditQuery = {
  readonly from: number | null;
  readonly to: number | null;
  /** Also what an operator did in this participant's account. */
  readonly subjectId: string | null;
  /** `system` = nobody's. */
  readonly actorId?: string | null;
  /** Part of a type, a name or a detail. */
  readonly words: string | null;
  /** Where there are words, these match too. */
  readonly besides?: { readonly types: readonly string[]; readonly detail: string | null };
  readonly limit: number;
  /** Only older ones than this. */
  readonly beforeId: number | null;
};

export interface AuditLog {
  /**
   * Runs the action. The first transaction in which it changes something stores the entry as well: neither is there without the other. An action that
   * changes nothing in the database is recorded when it is done; one that fails after its first change, as unfinished. `detailOf` adds what is known
   * only at the end.
   */
  record<T>(entry: NewAct, action: () => Promise<T>, detailOf?: (done: T) => AuditEvent['detail']): Promise<T>;
  /** One of several things that the action under way does something to: in the entry, `list` names only those to which it was done. */
  part<T>(list: 'ids' | 'paths', value: string, action: () => Promise<T>): Promise<T>;
  /** What happened outside the database. It has happened whether or not the entry can be stored, so a failure is only logged. */
  write(entry: NewAct): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<AuditEvent[]>;
  /** Everybody who did something, by name. */
  actors(): Promise<{ id: string; name: string }[]>;
  forgetBefore(time: number): Promise<number>;
}
