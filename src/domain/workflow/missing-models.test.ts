import { expect, test } from 'vitest';
import { MAX_CHOICES, missingModels, modelKey, withModels } from './missing-models.ts';
import { neededModels } from './needed-models.ts';

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const graph = {
  '1': node('CheckpointLoaderSimple', { ckpt_name: 'sdxl\\base_1.0.safetensors' }),
  '2': node('CheckpointLoaderSimple', { ckpt_name: 'sdxl/base_1.0.safetensors' }),
  '3': node('LoraLoader', { lora_name: 'grain.safetensors', model: ['1', 0] }),
  '4': node('VAELoader', { vae_name: 'there.safetensors' }),
  '5': node('SomeCustomLoader', { thing: 'mine.safetensors' }),
  '6': node('CLIPTextEncode', { text: 'grain.safetensors' }),
};
const file = (folder: string, name: string) => ({ folder, name, bytes: 1 });
const files = [
  file('checkpoints', 'flux/dev.safetensors'),
  file('checkpoints', 'sdxl/base_0.9.safetensors'),
  file('vae', 'there.safetensors'),
];

test('what is missing, with what is there instead, the likeliest first; nothing where nothing can be seen', () => {
  expect(missingModels(neededModels(graph), files)).toEqual([
    {
      name: 'sdxl/base_1.0.safetensors',
      folder: 'checkpoints',
      choices: ['sdxl/base_0.9.safetensors', 'flux/dev.safetensors'],
    },
  ]);
  expect(missingModels(neededModels(graph), [])).toEqual([]);
  const many = Array.from({ length: 2 * MAX_CHOICES }, (_, at) => file('checkpoints', `${at}.safetensors`));
  expect(missingModels(neededModels(graph), many)[0]?.choices).toHaveLength(MAX_CHOICES);
});

test('another one takes its place in all nodes at once, and nowhere else', () => {
  const key = modelKey({ name: 'sdxl/base_1.0.safetensors', folder: 'checkpoints' });
  const next = withModels(graph, new Map([[key, 'flux/dev.safetensors']]));
  const other = node('CheckpointLoaderSimple', { ckpt_name: 'flux/dev.safetensors' });
  expect(next).toEqual({ ...graph, '1': other, '2': other });
  const lora = modelKey({ name: 'grain.safetensors', folder: 'loras' });
  expect(withModels(graph, new Map([[lora, 'x']]))['6']).toEqual(graph['6']);
});
