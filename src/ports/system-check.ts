import type { Finding } from '#src/domain/health/finding.ts';

export type Found = { readonly at: number; readonly findings: readonly Finding[] };

/** A disk that we use. Bytes; null = it does not tell, or gives no answer. */
export type Room = {
  readonly what: string;
  readonly dir: string;
  readonly free: number | null;
  readonly total: number | null;
};

/** What is around us: the share, the disks, the connections to endpoints. Looking changes nothing and starts no GPU. */
export interface SystemCheck {
  /** What was found last; looks when that has never been done. */
  found(): Promise<Found>;
  /** Looks now. Whoever asks meanwhile gets the same. */
  check(): Promise<Found>;
  rooms(): Promise<Room[]>;
}
