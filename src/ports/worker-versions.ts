/** Which ComfyUI an endpoint's workers run, as last heard: "0.33.0"; null while nobody has asked. */
export interface WorkerVersions {
  versionOf(endpointId: string): string | null;
}
