/** Places in line as of the dispatcher's last look. */
export interface Positions {
  of(jobId: string): number | null;
  /** Where a job that is being submitted now will stand. */
  ofNew(userId: string): number;
}
