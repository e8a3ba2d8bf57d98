import { describe, expect, test } from 'vitest';
import { flux, sdxl } from '../fixtures/workflows.ts';
import type { Graph } from '../workflow/graph.ts';
import { MAX_SNIPPET, promptSnippet } from './prompt-snippet.ts';

const asking = (...texts: string[]): Graph => ({
  ...Object.fromEntries(texts.map((text, at) => [`${at}`, { class_type: 'CLIPTextEncode', inputs: { text } }])),
  k: {
    class_type: 'KSampler',
    inputs: Object.fromEntries(texts.map((_, at) => [at === 0 ? 'positive' : 'negative', [`${at}`, 0]])),
  },
});

describe('promptSnippet', () => {
  test.each<[string, Graph, string | null]>([
    ['a picture from words', sdxl, 'a lighthouse'],
    ['a prompt that goes through a guider', flux, 'a lighthouse in fog'],
    ['no prompt', { '1': { class_type: 'EmptyImage', inputs: { width: 8 } } }, null],
    ['an empty prompt', asking(' \n '), null],
    ['only what is not wanted', asking('', 'blurry'), null],
    ['lines and control characters', asking('\n\na  kite\u0000\r\n\tover the sea '), 'a kite over the sea'],
    ['exactly as much as fits', asking('x'.repeat(MAX_SNIPPET)), 'x'.repeat(MAX_SNIPPET)],
    ['one more', asking('x'.repeat(MAX_SNIPPET + 1)), `${'x'.repeat(MAX_SNIPPET - 1)}…`],
    ['letters of two units', asking('🎬'.repeat(200)), `${'🎬'.repeat(MAX_SNIPPET - 1)}…`],
    ['no blank before the ellipsis', asking(`${'x'.repeat(MAX_SNIPPET - 2)} yz`), `${'x'.repeat(MAX_SNIPPET - 2)}…`],
  ])('of %s', (_, graph, snippet) => expect(promptSnippet(graph)).toBe(snippet));
});
