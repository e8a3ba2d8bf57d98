import type { NodeErrors } from '#src/domain/errors.ts';
import type { JobStatus, Reason } from '#src/domain/job.ts';
import type { Phase } from '#src/domain/phase.ts';
import type { ResultKind } from '#src/domain/result.ts';
import type { Role } from '#src/domain/user.ts';

/** What leaves the server. Dates are ISO strings. Fields may be added, none taken away: others script against these. */
export type UserView = { id: string; name: string; role: Role };

export type ResultView = {
  id: string;
  jobId: string;
  nodeId: string;
  filename: string;
  kind: ResultKind;
  mime: string;
  bytes: number;
  sha256: string;
  width: number | null;
  height: number | null;
  duration: number | null;
  codecs: string | null;
  url: string;
  thumbUrl: string | null;
  createdAt: string;
  /** Of its job. */
  title: string;
  model: string | null;
  seed: string | null;
  favourite: boolean;
  rating: number;
  rejected: boolean;
  onWall: boolean;
  removedAt: string | null;
};

export type JobView = {
  id: string;
  title: string;
  status: JobStatus;
  phase: Phase;
  phaseSince: string;
  reason: Reason | null;
  message: string | null;
  nodeErrors: NodeErrors | null;
  position: number | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  attempts: number;
  results: ResultView[];
};
