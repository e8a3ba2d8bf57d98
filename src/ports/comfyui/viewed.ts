import type { Input } from '../inputs.ts';
import type { Result } from '../results.ts';

/** A file that ComfyUI shows. `shared`: what an operator has put on the share for everybody, by its path below the input folder. */
export type Viewed =
  | { readonly type: 'result'; readonly result: Result }
  | { readonly type: 'input'; readonly input: Input }
  | { readonly type: 'shared'; readonly path: string };

export type Conversion = {
  readonly format: 'png' | 'webp' | 'jpeg';
  /** 1 to 100. */
  readonly quality: number;
  /** `a`: the transparency alone, as that of a black picture. */
  readonly channel: 'rgb' | 'a' | 'rgba';
};

/** What is made of pictures for ComfyUI's page. AppError `invalid_input` for what is no picture, or too large a one. */
export interface ViewedPictures {
  convert(viewed: Viewed, how: Conversion, signal: AbortSignal): Promise<Uint8Array>;
  /** A PNG with the colours of `viewed` and the transparency of `mask`, which has the same size. */
  mask(viewed: Viewed, mask: Uint8Array): Promise<Uint8Array>;
}
