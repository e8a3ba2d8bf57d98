import { expect, test } from 'vitest';
import type { Graph } from '../workflow/graph.ts';
import { expectedFiles } from './expected-files.ts';

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const save = (from: string) => node('SaveImage', { images: [from, 0], filename_prefix: 'x' });
const sampled = (batch_size: unknown): Graph => ({
  '3': node('EmptyLatentImage', { width: 64, height: 64, batch_size }),
  '4': node('KSampler', { latent_image: ['3', 0] }),
  '5': node('VAEDecode', { samples: ['4', 0] }),
  '6': save('5'),
});

test.each<[string, Graph, number | null]>([
  ['one picture', sampled(1), 1],
  ['a batch', sampled(4), 4],
  ['a batch, saved twice', { ...sampled(4), '7': save('5') }, 8],
  ['a batch, scaled', { ...sampled(2), '6': save('8'), '8': node('ImageScale', { image: ['5', 0] }) }, 2],
  ['a picture and a film', { ...sampled(1), '7': node('SaveVideo', { video: ['5', 0], filename_prefix: 'x' }) }, 2],
  ['a picture and a text', { ...sampled(1), '7': node('SaveText', { text: 't', filename_prefix: 'x' }) }, 2],
  ['a picture and a preview', { ...sampled(1), '7': node('PreviewImage', { images: ['5', 0] }) }, 1],
  [
    'a picture and a film that is only shown',
    { ...sampled(1), '7': node('VHS_VideoCombine', { images: ['5', 0], filename_prefix: 'x', save_output: false }) },
    1,
  ],
  [
    'a picture and what does not come back',
    { ...sampled(1), '7': node('SaveTrainingDataset', { folder_name: 'x' }) },
    1,
  ],
  ['a batch size from elsewhere', sampled(['9', 0]), null],
  ['no whole number', sampled(1.5), null],
  ['a node that nobody knows on the way', { ...sampled(1), '5': node('Mystery', { samples: ['4', 0] }) }, null],
  ['a save node that nobody knows', { '1': node('MySave', { filename_prefix: 'x' }) }, null],
  ['a picture from nowhere', { '6': save('nowhere') }, null],
  ['a circle', { '1': node('ImageInvert', { image: ['1', 0] }), '6': save('1') }, null],
  ['nothing saved', { '1': node('EmptyImage', { batch_size: 1 }) }, null],
])('%s', (_, graph, files) => expect(expectedFiles(graph)).toBe(files));
