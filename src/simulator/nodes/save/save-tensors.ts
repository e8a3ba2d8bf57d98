import path from 'node:path';
import { safetensorsFile, type Tensor } from '../../media/safetensors.ts';
import { metadataEntries } from '../metadata.ts';
import type { NodeContext, NodeResult, NodeTable } from '../node.ts';
import { numbered } from '../output-path.ts';
import { seededRandom } from '../random.ts';
import type { Latent } from '../values.ts';

function latentTensor(latent: Latent): Tensor {
  const [height, width] = [latent.height >> 3, latent.width >> 3];
  const time = Math.ceil(latent.frames / 4);
  const shape = latent.frames > 1 ? [latent.batch, 16, time, height, width] : [latent.batch, 4, height, width];
  const random = latent.dream && seededRandom(`latent ${latent.dream.prompt} ${latent.dream.seed}`);
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, () => (random ? random() * 2 - 1 : 0));
  return { name: 'latent_tensor', shape, values };
}

async function saveTensors(
  tensors: readonly Tensor[],
  prefix: string,
  extension: string,
  context: NodeContext,
): Promise<{ filename: string; subfolder: string }> {
  const place = await context.place(prefix, 'output', 0, 0);
  const filename = numbered(place, 0, extension);
  const bytes = safetensorsFile(tensors, metadataEntries(context.metadata));
  await context.writeFile(path.join(place.folder, filename), [bytes], 0);
  return { filename, subfolder: place.subfolder };
}

/** A model file of the right format with one meaningless tensor; such nodes report nothing. */
async function saveModel(prefix: string, context: NodeContext): Promise<NodeResult> {
  await saveTensors(
    [{ name: 'simulated.weight', shape: [16], values: new Float32Array(16) }],
    prefix,
    'safetensors',
    context,
  );
  return { values: [] };
}

export const saveTensorNodes: NodeTable = {
  SaveLatent: async (inputs, context) => {
    const version = { name: 'latent_format_version_0', shape: [0], values: new Float32Array(0) };
    const tensors = [version, latentTensor(inputs.latent('samples'))];
    const saved = await saveTensors(tensors, inputs.text('filename_prefix'), 'latent', context);
    return { values: [], ui: { latents: [{ ...saved, type: 'output' }] } };
  },
  CheckpointSave: (inputs, context) => saveModel(inputs.text('filename_prefix'), context),
  ModelSave: (inputs, context) => saveModel(inputs.text('filename_prefix'), context),
  VAESave: (inputs, context) => saveModel(inputs.text('filename_prefix'), context),
  CLIPSave: (inputs, context) => saveModel(`${inputs.text('filename_prefix')}_clip_l`, context),
};
