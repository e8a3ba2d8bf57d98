/** Files on the share that an operator does not want to see any more, by their path below `<sfs>/outputs`. */
export interface IgnoredOrphans {
  list(): Promise<Set<string>>;
  set(paths: readonly string[], ignored: boolean, now: number): Promise<void>;
}
