import { audioNodes } from './audio.ts';
import { customImageNodes } from './custom-images.ts';
import { customPreviewNodes, lossNodes } from './custom-previews.ts';
import { customVideoNodes } from './custom-video.ts';
import { datasetNodes } from './dataset.ts';
import { imageNodes } from './images.ts';
import { latentNodes } from './latents.ts';
import { loadNodes } from './load.ts';
import { maskNodes } from './masks.ts';
import { modelNodes } from './models-3d.ts';
import { newerOutputs } from './newer-outputs.ts';
import type { NodeTable } from './node.ts';
import type { NodeClassEntries } from './node-class.ts';
import { primitiveNodes } from './primitives.ts';
import { samplingNodes, tuningNodes } from './sampling.ts';
import { saveImageNodes } from './save-images.ts';
import { saveMediaNodes } from './save-media.ts';
import { saveTensorNodes } from './save-tensors.ts';
import { scriptedNodes } from './scripted.ts';
import { stringFormat } from './string-format.ts';
import { stringNodes } from './strings.ts';

/** The classes of the recorded server that this worker can run. */
export const recordedNodes: NodeTable = {
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
  ...stringNodes,
  ...latentNodes,
};

/** Classes of custom nodes, and of newer versions. */
export const extraClasses: NodeClassEntries = {
  ...scriptedNodes,
  ...newerOutputs,
  ...stringFormat,
  ...datasetNodes,
  ...modelNodes,
  ...customImageNodes,
  ...customVideoNodes,
  ...customPreviewNodes,
};

/** Every node class that this worker can run. */
export const allNodes: NodeTable = {
  ...recordedNodes,
  ...lossNodes,
  ...Object.fromEntries(Object.entries(extraClasses).map(([name, { run }]) => [name, run])),
};
