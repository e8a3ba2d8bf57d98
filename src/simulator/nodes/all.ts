import { customPreviewNodes, lossNodes } from './custom/custom-previews.ts';
import { customVideoNodes } from './custom/custom-video.ts';
import { imageExtendedNodes } from './custom/image-extended.ts';
import { imageSaverNodes } from './custom/image-saver.ts';
import { kjNodes } from './custom/kj.ts';
import { scriptedNodes } from './custom/scripted.ts';
import { wasNodes } from './custom/was.ts';
import { imageNodes } from './images/images.ts';
import { loadNodes } from './images/load.ts';
import { maskNodes } from './images/masks.ts';
import { latentImageNodes } from './models/latent-images.ts';
import { latentNodes } from './models/latents.ts';
import { loaderNodes } from './models/loaders.ts';
import { samplingNodes } from './models/sampling.ts';
import { tuningNodes } from './models/tuning.ts';
import type { NodeTable } from './node.ts';
import type { NodeClassEntries } from './node-class.ts';
import { audioNodes } from './save/audio.ts';
import { datasetNodes } from './save/dataset.ts';
import { modelNodes } from './save/models-3d.ts';
import { newerOutputs } from './save/newer-outputs.ts';
import { saveImageNodes } from './save/save-images.ts';
import { saveMediaNodes } from './save/save-media.ts';
import { saveTensorNodes } from './save/save-tensors.ts';
import { primitiveNodes } from './text/primitives.ts';
import { stringFormat } from './text/string-format.ts';
import { stringNodes } from './text/strings.ts';

/** The classes of the recorded server that this worker can run. */
export const recordedNodes: NodeTable = {
  ...imageNodes,
  ...loadNodes,
  ...maskNodes,
  ...primitiveNodes,
  ...loaderNodes,
  ...latentImageNodes,
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
  ...wasNodes,
  ...imageSaverNodes,
  ...imageExtendedNodes,
  ...kjNodes,
  ...customVideoNodes,
  ...customPreviewNodes,
};

/** Every node class that this worker can run. */
export const allNodes: NodeTable = {
  ...recordedNodes,
  ...lossNodes,
  ...Object.fromEntries(Object.entries(extraClasses).map(([name, { run }]) => [name, run])),
};
