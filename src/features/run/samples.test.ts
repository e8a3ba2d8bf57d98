import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readWorkflow } from './read-workflow.ts';
import { fillSample, promptOf, type Sample } from './samples.ts';

const folder = new URL('../../../public/workflows/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const index = z.object({ samples: z.array(z.custom<Sample>()) }).parse(JSON.parse(read('index.json')));

const graphOf = (sample: Sample) => {
  const file = readWorkflow(read(sample.file));
  if (!file.ok) throw new Error(file.why);
  return file.prompt;
};

describe.each(index.samples)('sample $id', (sample) => {
  test('is a workflow in API format whose links all lead somewhere', () => {
    const graph = graphOf(sample);
    for (const node of Object.values(graph)) {
      for (const value of Object.values(node.inputs)) {
        if (Array.isArray(value)) expect(Object.keys(graph)).toContain(value[0]);
      }
    }
  });

  test('has a thumbnail of a few kilobytes', () => {
    expect(statSync(new URL(sample.picture, folder)).size).toBeLessThan(20_000);
  });

  test('the prompt and the seed go in where the sample says, and nowhere else', () => {
    const graph = graphOf(sample);
    const filled = fillSample(graph, sample, 'a lighthouse', 1234);
    const changed = [...sample.seeds.map((at) => ({ ...at, value: 1234 }))];
    const expected = structuredClone(graph);
    for (const { node, input, value } of changed) Object.assign(expected[node]?.inputs ?? {}, { [input]: value });
    if (sample.prompt)
      Object.assign(expected[sample.prompt.node]?.inputs ?? {}, { [sample.prompt.input]: 'a lighthouse' });
    expect(filled).toEqual(expected);
    expect(promptOf(filled, sample)).toBe(sample.prompt ? 'a lighthouse' : '');
    for (const { node, input } of sample.seeds) expect(typeof graph[node]?.inputs[input]).toBe('number');
  });
});
