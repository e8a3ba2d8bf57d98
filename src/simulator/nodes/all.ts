import { audioNodes } from './audio.ts';
import { imageNodes } from './images.ts';
import { loadNodes } from './load.ts';
import { maskNodes } from './masks.ts';
import type { NodeTable } from './node.ts';
import { primitiveNodes } from './primitives.ts';
import { samplingNodes, tuningNodes } from './sampling.ts';
import { saveImageNodes } from './save-images.ts';
import { saveMediaNodes } from './save-media.ts';
import { saveTensorNodes } from './save-tensors.ts';

/** Every node class that this worker can run. */
export const allNodes: NodeTable = {
  ...imageNodes,
  ...loadNodes,
  ...maskNodes,
  ...primitiveNodes,
  ...samplingNodes,
  ...tuningNodes,
  ...saveImageNodes,
  ...saveMediaNodes,
  ...saveTensorNodes,
  ...audioNodes,
};
