import { describe, expect, test } from 'vitest';
import { node, sdxl } from '../fixtures/workflows.ts';
import type { Graph } from '../workflow/graph.ts';
import { assertAllowed } from './limits.ts';
import { MAX_PRESET, type Preset, preset } from './preset.ts';
import type { Change } from './with-changes.ts';

const STRICT: Preset = {
  fields: [
    { nodeId: '7', input: 'text' },
    { nodeId: '3', input: 'steps', least: 10, most: 40 },
    { nodeId: '3', input: 'cfg', most: 9.5 },
    { nodeId: '4', input: 'ckpt_name', choices: ['a.safetensors', 'b.safetensors'] },
    { nodeId: 'gone', input: 'steps', most: 1 },
  ],
  others: false,
};
const change = (at: string, value: Change['value']): Change => {
  const [nodeId = '', input = ''] = at.split('.');
  return { nodeId, input, value };
};
const said = (set: Preset | null, ...changes: Change[]): string | null => {
  try {
    assertAllowed(sdxl, set, changes);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe('a change', () => {
  test.each<[string, Preset | null, string, Change['value'], string | null]>([
    ['of a field that is shown', STRICT, '7.text', 'noise', null],
    ['at the lower limit', STRICT, '3.steps', 10, null],
    ['at the upper limit, as text', STRICT, '3.steps', '40', null],
    ['below', STRICT, '3.steps', 9, '“Steps” is outside the limits of this workflow. At least 10.'],
    ['above', STRICT, '3.steps', '41', '“Steps” is outside the limits of this workflow. At most 40.'],
    ['above a fraction', STRICT, '3.cfg', 9.6, '“CFG” is outside the limits of this workflow. At most 9.5.'],
    ['to one of the choices', STRICT, '4.ckpt_name', 'b.safetensors', null],
    ['to the workflow’s own, which is no choice', STRICT, '4.ckpt_name', 'sd_xl_base_1.0.safetensors', null],
    [
      'to another text',
      STRICT,
      '4.ckpt_name',
      'c',
      '“Model” is outside the limits of this workflow. Choose one from the list.',
    ],
    ['of what is fixed', STRICT, '5.width', 64, '“Width” cannot be changed in this workflow.'],
    ['of what is fixed, to what it is', STRICT, '5.width', 1152, null],
    ['of the seed, which never is', STRICT, '3.seed', '18446744073709551615', null],
    ['of a node that is gone', STRICT, 'gone.steps', 1, 'This workflow has no setting “steps” on node gone.'],
    ['of a linked input', STRICT, '3.model', 'x', 'This workflow has no setting “model” on node 3.'],
    ['of what is not shown, where all others are open', { ...STRICT, others: true }, '5.width', 64, null],
    ['without a preset', null, '3.steps', 500, null],
    ['to very many pictures', null, '5.batch_size', 17, '“Count” is outside the limits of this workflow. At most 16.'],
    [
      'to many pictures that the teacher allows',
      { fields: [{ nodeId: '5', input: 'batch_size', most: 64 }], others: true },
      '5.batch_size',
      64,
      null,
    ],
  ])('%s', (_, set, at, value, expected) => {
    expect(said(set, change(at, value))).toBe(expected);
  });

  test('the first that is not allowed is told, wherever it stands', () => {
    expect(said(STRICT, change('7.text', 'x'), change('3.steps', 99), change('5.width', 1))).toMatch(/Steps/);
  });

  test('where two are called alike, the node is named', () => {
    const graph: Graph = { a: node('KSampler', { steps: 1 }), b: node('Other', { steps: 1 }) };
    const set: Preset = { fields: [], others: false };
    expect(() => assertAllowed(graph, set, [change('b.steps', 2)])).toThrow('“Steps · Other” cannot be changed');
  });
});

describe('a stored preset', () => {
  test.each<[string, unknown, boolean]>([
    ['of nothing but the switch', { fields: [], others: true }, true],
    ['with all limits', STRICT, true],
    [
      'with limits the wrong way round',
      { fields: [{ nodeId: '3', input: 'steps', least: 5, most: 4 }], others: true },
      false,
    ],
    ['with no choice at all', { fields: [{ nodeId: '4', input: 'ckpt_name', choices: [] }], others: true }, false],
    ['with an infinite limit', { fields: [{ nodeId: '3', input: 'cfg', most: Infinity }], others: true }, false],
    [
      'of too many fields',
      { fields: Array.from({ length: MAX_PRESET.fields + 1 }, () => ({ nodeId: 'a', input: 'b' })), others: true },
      false,
    ],
    ['of something else', [], false],
  ])('%s', (_, value, isOne) => {
    expect(preset.safeParse(value).success).toBe(isOne);
  });
});
