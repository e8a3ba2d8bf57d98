import type { LogLine, Loss, SystemLine } from '#src/domain/endpoints/platform-cause.ts';
import type { GpuPrice, PlatformReplicaState } from '#src/domain/endpoints/platform-deployment.ts';
import type { ScaleInProtection } from '#src/domain/endpoints/scale-in-protection.ts';
import type { StartStage } from '#src/domain/jobs/phase.ts';

/** Replicas behind one address. */
export type Deployment = {
  readonly name: string;
  readonly url: string;
  readonly gpu: string;
  /** Of one replica. */
  readonly gpus: number;
  readonly spot: boolean;
};
export type Scaling = { readonly min: number; readonly max: number };
export type Replica = { readonly id: string; readonly state: PlatformReplicaState; readonly startedAt: number | null };
type Span = { readonly from: number; readonly to: number };

/**
 * Where the GPUs are rented: only its management, so that nothing here can start a GPU but `setMinReplicas`. What goes wrong is an AppError
 * `platform_unavailable` in words for the operator, with the seconds to wait where the platform names them.
 */
export interface Platform {
  deployments(): Promise<Deployment[]>;
  replicas(deployment: string): Promise<Replica[]>;
  scaling(deployment: string): Promise<Scaling>;
  setMinReplicas(deployment: string, min: number): Promise<Scaling>;
  prices(): Promise<GpuPrice[]>;
  /** Newest first: what its containers wrote, as far as it has these words. */
  logs(deployment: string, words: string, span: Span): Promise<LogLine[]>;
  systemLogs(deployment: string, span: Span): Promise<SystemLine[]>;
  /** Breaks off what is under way. */
  close(): void;
}

/** What was last seen of a deployment. Times are epoch ms. */
export type DeploymentState = {
  readonly deployment: Deployment;
  readonly endpoints: readonly { readonly id: string; readonly name: string }[];
  readonly scaling: Scaling | null;
  readonly replicas: readonly Replica[];
  /** Null = not looked at yet. */
  readonly seenAt: number | null;
  readonly protection: ScaleInProtection | null;
  readonly problem: string | null;
};

/** What the platform showed when it was last looked at. */
export interface PlatformBoard {
  wake(endpointId: string): StartStage | null;
  /** When it last started replicas there while none was up. `until` is ahead as long as it still does. */
  gpuStart(endpointId: string): { readonly from: number; readonly until: number } | null;
  /** How many replicas are up there, or on their way; null = the platform does not say. */
  replicas(endpointId: string): { readonly running: number; readonly starting: number; readonly seenAt: number } | null;
  /** While somebody looks, the platform is asked more often. `problem`: why the list could not be read. */
  read(): { readonly states: readonly DeploymentState[]; readonly problem: string | null };
}

export type Unexplained = Loss & { readonly attemptId: string; readonly jobId: string; readonly endpointId: string };

export interface PlatformStore {
  protections(): Promise<Map<string, ScaleInProtection>>;
  protection(deployment: string, protection: ScaleInProtection, now: number): Promise<void>;
  letGo(deployment: string): Promise<void>;
  /** Attempts that failed after `since`, of which no probable cause is known. */
  unexplained(since: number): Promise<Unexplained[]>;
  /** Adds to what is known of the attempt, for operators. */
  explain(attemptId: string, words: string): Promise<void>;
}
