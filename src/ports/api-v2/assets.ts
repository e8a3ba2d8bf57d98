import type { Input } from '../inputs.ts';
import type { Result } from '../results.ts';

/** A file of somebody's that their programs name by its id: an upload, or a result that is not a preview. */
export type Asset =
  | { readonly type: 'input'; readonly input: Input }
  | { readonly type: 'result'; readonly result: Result };

/** The BLAKE3 of what people have, in hexadecimal. */
export interface ContentHashes {
  /** What this person has of this content, an upload where there is one. Only what was hashed is found. */
  find(userId: string, blake3: string): Promise<Asset | null>;
  /** Of the content that this asset had when it was read; not when it has another meanwhile. */
  record(asset: Asset, blake3: string): Promise<void>;
}

/** Hashes what was not hashed yet. */
export interface ContentHasher {
  /** One after another, some time later. What does not fit into the queue is left until it is asked for again. */
  request(assets: readonly Asset[]): void;
  close(): Promise<void>;
}
