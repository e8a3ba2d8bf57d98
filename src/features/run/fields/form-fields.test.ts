import { describe, expect, test } from 'vitest';
import type { Preset } from '#src/domain/fields/preset.ts';
import { node, sdxl } from '#src/domain/fixtures/workflows.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { asTyped, changesOf, namesOf, openFields, randomSeeds, type Typed, toSend } from './form-fields.ts';

const NONE: Typed = new Map();
const form = (graph: Graph, typed: Typed = NONE, preset: Preset | null = null, missing: string[] = []) =>
  asTyped(openFields(graph, preset), typed, missing);
const whyOf = (fields: ReturnType<typeof form>) =>
  Object.fromEntries(fields.flatMap(({ key, why }) => (why === null ? [] : [[key, why]])));
const sent = (typed: Typed, start: Typed) =>
  toSend(form(sdxl, typed), start, () => 99).map(({ nodeId, input, value }) => [`${nodeId} ${input}`, value]);

test('as it is, nothing differs and all of it can be sent', () => {
  const fields = form(sdxl);
  expect([changesOf(fields), whyOf(fields)]).toEqual([[], {}]);
});

describe('the seed that is sent', () => {
  const random = randomSeeds(sdxl);
  test.each<[string, Typed, Typed, unknown[]]>([
    ['of a run is drawn', random, random, [['3 seed', 99]]],
    ['of a run is the one that was typed', new Map([['3 seed', '5']]), random, [['3 seed', '5']]],
    ['of a run is the workflow’s own, where that was typed', new Map([['3 seed', '42']]), random, [['3 seed', '42']]],
    ['of a version is the job’s own, which is no change', NONE, NONE, []],
    ['of a version is drawn, where the field was emptied', new Map([['3 seed', '']]), NONE, [['3 seed', 99]]],
  ])('%s', (_, typed, start, expected) => {
    expect(sent(typed, start)).toEqual(expected);
  });
});

test('what cannot be sent says why; what a workflow brings itself never does', () => {
  const preset: Preset = { fields: [{ nodeId: '3', input: 'steps', most: 20 }], others: true };
  const typed = new Map([
    ['3 cfg', 'much'],
    ['5 width', '0'],
  ]);
  expect(whyOf(form(sdxl, typed, preset))).toEqual({
    '5 width': 'A whole number above zero.',
    '3 cfg': 'A number, such as 7.5.',
  });
  expect(whyOf(form(sdxl, new Map([['3 steps', '21']]), preset))).toEqual({ '3 steps': 'At most 20.' });
  expect(form(sdxl, NONE, preset).find(({ key }) => key === '3 steps')?.hint).toBe('At most 20');
});

test('a form of a few fields has these, and the seed', () => {
  const preset: Preset = {
    fields: [
      { nodeId: '7', input: 'text' },
      { nodeId: 'gone', input: 'text' },
    ],
    others: false,
  };
  expect(form(sdxl, NONE, preset).map(({ key }) => key)).toEqual(['7 text', '3 seed']);
});

test('a file that is not there is asked for by what it is', () => {
  const graph: Graph = {
    '1': node('LoadImage', { image: 'plate.png' }),
    '2': node('LoadAudio', { audio: 'plate.png' }),
    '3': node('Other', { name: 'x.png' }),
  };
  expect(namesOf(openFields(graph, null), NONE)).toEqual(['plate.png']);
  expect(whyOf(form(graph, NONE, null, ['plate.png']))).toEqual({
    '1 image': 'Choose a picture.',
    '2 audio': 'Choose a sound.',
  });
  const typed = new Map([['1 image', 'mine.png']]);
  expect(whyOf(form(graph, typed, null, ['plate.png']))).toEqual({ '2 audio': 'Choose a sound.' });
});
