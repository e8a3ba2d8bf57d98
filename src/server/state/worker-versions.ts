import type { WorkerVersions } from '#src/ports/worker.ts';

/** Kept in memory: asked again after a restart, when attempts are in flight. */
export function createWorkerVersions(): WorkerVersions & { learn(endpointId: string, version: string): void } {
  const versions = new Map<string, string>();
  return {
    versionOf: (endpointId) => versions.get(endpointId) ?? null,
    learn: (endpointId, version) => void versions.set(endpointId, version),
  };
}
