import { expect, test } from 'vitest';
import type { Graph } from '../graph.ts';
import { tokenFiller } from './name-tokens.ts';

const graph: Graph = {
  '1': { class_type: 'KSampler', inputs: { seed: 42, sampler_name: 'a/b:c', on: true, model: ['2', 0] } },
  '2': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'x' }, _meta: { title: 'My model' } },
  big: { class_type: 'Noise', inputs: { noise_seed: 18446744073709551615n } },
  '3': { class_type: 'Twice', inputs: { value: 1 } },
  '4': { class_type: 'Twice', inputs: { value: 2 } },
};
const fill = tokenFiller(graph, new Date(2026, 0, 3, 4, 5, 6).getTime());

test.each([
  ['%date:yyyy-MM-dd%', '2026-01-03'],
  ['%date:yy/M/d_h-m-s%', '26/1/3_4-5-6'],
  ['%date:hhmmss%', '040506'],
  ['%date:%', ''],
  ['a%date:dd%b%date:MM%', 'a03b01'],
  ['%KSampler.seed%', '42'],
  ['%KSampler.sampler_name%', 'a_b_c'],
  ['%KSampler.on%', 'true'],
  ['%Noise.noise_seed%', '18446744073709551615'],
  ['%KSampler.model%', '%KSampler.model%'],
  ['%KSampler.nothing%', '%KSampler.nothing%'],
  ['%My model.ckpt_name%', 'x'],
  ['%Twice.value%', '%Twice.value%'],
  ['%toString.length%', '%toString.length%'],
  ['%year%-%width%x%height%_%batch_num%', '%year%-%width%x%height%_%batch_num%'],
  ['[time(%Y-%m-%d)]', '[time(%Y-%m-%d)]'],
  ['100%', '100%'],
])('%s becomes %s', (given, filled) => expect(fill(given)).toBe(filled));
