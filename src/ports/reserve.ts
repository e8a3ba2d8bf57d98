/** Room on the database's disk that can be had at once, without writing to the database. */
export interface Reserve {
  /** Takes a little room while there is plenty. */
  keep(): Promise<void>;
  /** Gives it back, and removes what is made again when it is asked for. Gives the bytes that were freed. */
  release(): Promise<number>;
}
