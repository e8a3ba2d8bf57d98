import type { JobStatus, Reason } from '#src/domain/jobs/job.ts';
import type { FaultKind, JobKind } from './plan.ts';
import type { Written } from './written.ts';

export type ListedResult = {
  readonly id: string;
  readonly jobId: string;
  readonly nodeId: string;
  readonly filename: string;
  readonly sha256: string;
};

export type SeenJob = {
  readonly id: string;
  readonly serial: number;
  readonly owner: string;
  readonly kind: JobKind;
  /** What became of the wish to cancel it; `unclear`: asked more than once, because an answer never came. */
  readonly cancel: 'not asked' | 'granted' | 'too late' | 'unclear';
  readonly status: JobStatus;
  readonly reason: Reason | null;
  readonly message: string | null;
  readonly attempts: number;
  readonly results: readonly ListedResult[];
};

export type HeardEvent = {
  readonly id: string;
  readonly type: string;
  readonly jobId: string | null;
  readonly resultId: string | null;
  readonly missed: boolean;
};

export type Evidence = {
  readonly faults: readonly FaultKind[];
  readonly jobs: readonly SeenJob[];
  /** By participant: what the API lists, and what the socket received. */
  readonly people: readonly {
    readonly name: string;
    readonly jobIds: readonly string[];
    readonly results: readonly ListedResult[];
    readonly received: readonly HeardEvent[];
  }[];
  /** `<participant>/<name>` */
  readonly outputs: readonly Written[];
  /** `comfyume/<attempt>/<n>/<name>` */
  readonly share: readonly Written[];
  readonly incoming: readonly string[];
  readonly strays: readonly string[];
  /** What the server did that no fault explains. */
  readonly server: readonly string[];
};

/** What is not as it must be, in words. */
export type Rule = (evidence: Evidence) => string[];

export const about = ({ id, owner, kind }: SeenJob): string => `Job ${id} of ${owner} (${kind})`;

export function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

export const twice = (keys: readonly string[]): string[] =>
  [...countBy(keys)].flatMap(([key, count]) => (count > 1 ? [key] : []));

export function without(keys: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return keys.filter((key) => !known.has(key));
}
