import { describe, expect, test } from 'vitest';
import { node } from '../fixtures/workflows.ts';
import type { Graph } from '../workflow/graph.ts';
import { type Change, withChanges } from './with-changes.ts';

const graph: Graph = {
  '3': node('KSampler', { seed: 18446744073709551615n, steps: 20, cfg: 7.5, tiled: false, model: ['4', 0] }),
  '6': node('CLIPTextEncode', { text: 'a lighthouse', clip: ['4', 1] }),
};
const change = (nodeId: string, input: string, value: Change['value']): Change => ({ nodeId, input, value });

test('changes what is named and nothing else', () => {
  const changed = withChanges(graph, [
    change('6', 'text', 'a gull'),
    change('3', 'steps', 30),
    change('3', 'tiled', true),
  ]);
  expect(changed).toEqual({
    '3': node('KSampler', { ...graph['3']?.inputs, steps: 30, tiled: true }),
    '6': node('CLIPTextEncode', { ...graph['6']?.inputs, text: 'a gull' }),
  });
  expect(graph['3']?.inputs.steps).toBe(20);
});

test('a seed keeps every digit', () => {
  expect(withChanges(graph, [change('3', 'seed', '18446744073709551614')])['3']?.inputs.seed).toBe(
    18446744073709551614n,
  );
  expect(withChanges(graph, [change('3', 'seed', '7')])['3']?.inputs.seed).toBe(7);
});

describe('refuses, with the input’s name,', () => {
  test.each([
    ['a node that is not there', change('9', 'text', 'x'), /no value “text” on node 9/],
    ['an input that is not there', change('6', 'words', 'x'), /no value “words” on node 6/],
    ['a name of every object', change('6', 'constructor', 'x'), /no value “constructor”/],
    ['a node of every object', change('__proto__', 'text', 'x'), /no value/],
    ['a linked input', change('3', 'model', 'x'), /“model” of node 3 cannot be "x"/],
    ['text as a number', change('3', 'steps', 'many'), /“steps” of node 3/],
    ['a number as text', change('6', 'text', 5), /“text” of node 6/],
    ['a number that is none', change('3', 'cfg', Number.NaN), /“cfg” of node 3/],
    ['true as a number', change('3', 'cfg', true), /“cfg” of node 3/],
  ])('%s', (_, wrong, words) => {
    expect(() => withChanges(graph, [wrong])).toThrow(words);
  });
});
