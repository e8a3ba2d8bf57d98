/** Who has the product open just now. */
export interface Presence {
  /** The user's open tabs; those of an operator who impersonates them do not count. */
  tabs(userId: string): number;
}
