export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface Random {
  /** A canonical lower-case UUID. */
  id(): string;
  /** A secret for a cookie or a script, and what is stored of it. */
  token(): { token: string; hash: string };
  hashToken(token: string): string;
  /** A whole number from 0 to below `below`. */
  below(below: number): number;
}
