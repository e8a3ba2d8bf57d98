import type { Inputs } from '../inputs.ts';
import type { NodeTable } from '../node.ts';
import { ImageBatch, Latent } from '../values.ts';

const pixelsPerLatent = 8;

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

function cut(inputs: Inputs): Latent {
  const latent = inputs.latent('samples');
  const amount = (length: number): number =>
    clamp(inputs.number('amount'), 1, length / pixelsPerLatent) * pixelsPerLatent;
  const { width, height, batch, frames, dream, base } = latent;
  switch (inputs.text('dim')) {
    case 'x':
      return new Latent({ width: amount(width), height, batch, frames }, dream, base);
    case 'y':
      return new Latent({ width, height: amount(height), batch, frames }, dream, base);
    default:
      return new Latent({ width, height, batch, frames: Math.min(frames, inputs.number('amount')) }, dream, base);
  }
}

function fromBatch(inputs: Inputs): Latent {
  const { width, height, batch, frames, dream, base } = inputs.latent('samples');
  const first = Math.min(batch - 1, inputs.number('batch_index'));
  const length = Math.min(batch - first, inputs.number('length'));
  const kept = base && new ImageBatch(base.width, base.height, base.channels, base.frames.slice(first, first + length));
  return new Latent({ width, height, batch: length, frames }, dream, kept?.frames.length ? kept : null);
}

const same = (inputs: Inputs) => ({ values: [inputs.latent('samples')] });

/** A factor is not visible in a simulated latent. */
export const latentNodes: NodeTable = {
  LatentCut: (inputs) => ({ values: [cut(inputs)] }),
  LatentFromBatch: (inputs) => ({ values: [fromBatch(inputs)] }),
  LatentMultiply: same,
};
