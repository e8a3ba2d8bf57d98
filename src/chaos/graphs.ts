import type { Graph } from '#src/domain/workflow/graph.ts';
import type { JobKind, PlannedJob } from './plan.ts';

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const save = (from: string, prefix: string) => node('SaveImage', { images: [from, 0], filename_prefix: prefix });

/** What each save node writes, if the job gets to its end. */
export const EXPECTED: Readonly<Record<JobKind, Readonly<Record<string, number>>>> = {
  'one picture': { '9': 1 },
  'three pictures': { '9': 3 },
  'two save nodes': { '9': 1, '10': 1 },
  'unknown class': {},
  'failing node': {},
};

/** Everybody uses the same prefixes, so that names collide wherever they can. */
export function graphOf({ serial, kind }: Pick<PlannedJob, 'serial' | 'kind'>): Graph {
  const batch = kind === 'three pictures' ? 3 : 1;
  const noisy: Graph = {
    '1': node('EmptyImage', { width: 48, height: 32, batch_size: batch, color: serial }),
    '2': node('ImageAddNoise', { image: ['1', 0], seed: serial, strength: 0.5 }),
  };
  switch (kind) {
    case 'one picture':
    case 'three pictures':
      return { ...noisy, '9': save('2', 'shot') };
    case 'two save nodes':
      return { ...noisy, '9': save('2', 'shot'), '10': save('2', 'takes/alt') };
    case 'unknown class':
      return { ...noisy, '3': node('NoSuchNodeAnywhere', { image: ['1', 0] }), '9': save('3', 'shot') };
    case 'failing node':
      return { ...noisy, '3': node('ImageInvert', { image: 'no picture' }), '9': save('3', 'shot') };
  }
}
