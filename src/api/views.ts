import type { NodeErrors } from '#src/domain/errors.ts';
import type { ResultKind } from '#src/domain/file-facts.ts';
import type { Range } from '#src/domain/jobs/estimate.ts';
import type { JobStatus, Reason } from '#src/domain/jobs/job.ts';
import type { LiveRun } from '#src/domain/jobs/live-run.ts';
import type { Phase, StartStage } from '#src/domain/jobs/phase.ts';
import type { Role } from '#src/domain/users/user.ts';
import type { Warning } from '#src/domain/warning.ts';

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
  /** Where something can be made by what the file is; asking may still find that there is none. */
  storyboardUrl: string | null;
  waveformUrl: string | null;
  proxyUrl: string | null;
  cleanUrl: string | null;
  workflowUrl: string;
  apiWorkflowUrl: string;
  createdAt: string;
  /** Of its job. */
  title: string;
  /** The first of all versions of its job: the versions of one job stand together. */
  familyId: string;
  model: string | null;
  seed: string | null;
  /** Its beginning. */
  prompt: string | null;
  favourite: boolean;
  rating: number;
  rejected: boolean;
  onWall: boolean;
  removedAt: string | null;
  /** Of a preview node: not in the gallery, and deleted after a while unless it is kept. */
  preview: boolean;
  /** The run ended before this file was complete. */
  unfinished: boolean;
};

/** A result on the class wall. */
export type WallView = {
  id: string;
  kind: ResultKind;
  width: number | null;
  height: number | null;
  duration: number | null;
  mime: string;
  codecs: string | null;
  /** Null for what can only be downloaded by its owner. */
  url: string | null;
  thumbUrl: string | null;
  proxyUrl: string | null;
  waveformUrl: string | null;
  /** Of its maker; null while names are switched off. */
  name: string | null;
  mine: boolean;
};

export type JobView = {
  id: string;
  title: string;
  familyId: string;
  /** What it changed of the job that it is a version of, in words. */
  changes: string | null;
  /** The editor's own id of the workflow that it was made from. */
  workflowId: string | null;
  status: JobStatus;
  phase: Phase;
  phaseSince: string;
  /** While a GPU starts: how far it is, where the platform tells. */
  wake: StartStage | null;
  reason: Reason | null;
  message: string | null;
  nodeErrors: NodeErrors | null;
  position: number | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  attempts: number;
  /** How long its present phase lasts in all, from `phaseSince` on, by what was measured; null where too little was. */
  estimate: Range | null;
  /** Why it is being tried again. */
  lastLoss: { reason: Reason; message: string } | null;
  /** While it waits: every GPU that it could go to is busy until then. */
  busyUntil: string | null;
  /** Files that are here of those that its graph writes; null where that is not certain. */
  progress: { here: number; expected: number } | null;
  /** How far it is, as its worker says; null where nothing is heard. */
  live: LiveRun | null;
  /** Where its newest attempt is or was; for operators. */
  endpoint: string | null;
  results: ResultView[];
  previews: ResultView[];
  /** What was left out, or did not come back whole; the job goes on, or has gone, anyway. */
  warnings: readonly Warning[];
  /** The beginning of its prompt, in one line. */
  promptSnippet: string | null;
  /** The first picture that it loads from its owner's uploads; null once that is deleted. */
  input: { id: string } | null;
  /** Whether the same graph may end otherwise when it is run again. */
  canRetry: boolean;
};
