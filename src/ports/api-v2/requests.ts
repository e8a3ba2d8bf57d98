/** A request that may be repeated: `id` stands for all that have its key. */
export type ApiRequest = { readonly id: string; readonly bodyHash: string };

/** What is kept for programs of the Comfy API v2 beside jobs. */
export interface ApiRequests {
  /** The request of this key, or the new one. One from before `expiredBefore` counts no more. */
  begin(
    request: ApiRequest & {
      readonly userId: string;
      readonly key: string;
      readonly now: number;
      readonly expiredBefore: number;
    },
  ): Promise<ApiRequest>;
  /** Nothing came of it: its key may be used anew. */
  forget(id: string): Promise<void>;
  forgetBefore(time: number): Promise<void>;
  /** By job, what its program said of it, as JSON. */
  metadata(jobIds: readonly string[]): Promise<Map<string, string>>;
}
