/** Positions as of the dispatcher's last pass. */
export interface Positions {
  of(jobId: string): number | null;
  /** Where a job that is being submitted now will stand. */
  ofNew(userId: string): number;
}
