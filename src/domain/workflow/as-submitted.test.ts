import { expect, test } from 'vitest';
import { asSubmitted, saverInto } from './as-submitted.ts';
import { rewriteGraph } from './rewrite.ts';

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const id = '0f9e8d7c-1234-4abc-8def-001122334455';

test('what was rewritten for an attempt is as it was', () => {
  const graph = {
    '1': node('EmptyImage', { width: 8, height: 8, batch_size: 1, color: 0 }),
    '9': node('SaveImage', { images: ['1', 0], filename_prefix: 'film/shot' }),
    comfyume: node('SaveImage', { images: ['1', 0], filename_prefix: 'other' }),
  };
  const { prompt } = rewriteGraph(graph, id, { version: null }, 0);
  expect(Object.keys(prompt).length).toBeGreaterThan(3);
  expect(asSubmitted(prompt)).toEqual(graph);
  expect(saverInto(prompt, `comfyume/${id}/0`)).toBe('9');
  expect(saverInto(prompt, `comfyume/${id}/7`)).toBeNull();
});
