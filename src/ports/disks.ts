/** Free space, and what keeps work from being done. */
export interface Disks {
  read(): Promise<{
    /** In sentences. */
    readonly faults: readonly string[];
    /** `free` null: it does not tell, or does not answer. */
    readonly disks: readonly { readonly name: string; readonly free: number | null }[];
  }>;
}
