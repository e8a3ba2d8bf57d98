const parts = (version: string): number[] => version.split('.').map(Number);

/** Whether a ComfyUI version is this one or later. */
export function atLeast(version: string, wanted: string): boolean {
  const [given, asked] = [parts(version), parts(wanted)];
  for (let index = 0; index < Math.max(given.length, asked.length); index++) {
    const difference = (given[index] ?? 0) - (asked[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The first version in which a server does something. */
export const since = {
  interruptReadsId: '0.3.57',
  jobs: '0.6.0',
  bareCounters: '0.6.0',
  canonicalIds: '0.33.0',
  cancel: '0.33.0',
  packageVersions: '0.33.0',
  gathersSubgraphs: '0.33.0',
  modelEndings: '0.33.0',
} as const;
