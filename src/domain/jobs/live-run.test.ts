import { describe, expect, test } from 'vitest';
import { afterMessage, liveWords, NOTHING_HEARD, type Node, toLiveRun } from './live-run.ts';

const OWN = new Map<string, Node>([
  ['1', { label: 'Load Checkpoint', classType: 'CheckpointLoaderSimple' }],
  ['3', { label: 'KSampler', classType: 'KSampler' }],
  ['9', { label: 'Save', classType: 'SaveImage' }],
]);
type Heard = Parameters<typeof afterMessage>[1];
const heardOf = (...heard: Heard[]) =>
  toLiveRun(
    heard.reduce((state, each, second) => afterMessage(state, each, OWN, second * 1000), NOTHING_HEARD),
    OWN,
  );
const node = (nodeId: string): Heard => ({ type: 'node', nodeId });
const step = (nodeId: string, value: number, max: number): Heard => ({ type: 'step', nodeId, value, max });

describe('what was heard of a run', () => {
  test.each<[string, Heard[], string | null, number]>([
    ['nothing', [], null, 0],
    ['it has started', [{ type: 'started' }], null, 0],
    ['a model is loaded', [node('1')], 'Loading the model', 0],
    ['a node without steps', [node('1'), node('9')], 'Save', 1],
    ['steps', [node('1'), node('3'), step('3', 12, 20)], 'KSampler: step 12 of 20', 1],
    ['one step is none', [node('9'), step('9', 0, 1)], 'Save', 0],
    ['more than there are', [step('3', 25, 20)], 'KSampler: step 20 of 20', 0],
    ['a new node has no steps yet', [step('3', 20, 20), node('9')], 'Save', 1],
    ['nodes in the memory count as done', [{ type: 'cached', nodeIds: ['1', '_start', '3'] }], null, 2],
    ['a node of ours is not named', [node('3'), node('_start')], null, 1],
    ['nor are its steps', [node('3'), step('_start', 1, 5)], 'KSampler', 0],
    ['it starts anew', [node('3'), { type: 'started' }], null, 0],
  ])('%s', (_, heard, words, done) => {
    const run = heardOf(...heard);
    expect([liveWords(run, 0), run.done, run.nodes]).toEqual([words, done, 3]);
  });

  test.each<[string, Heard[], number, string]>([
    ['not before there is a rate', [step('3', 1, 20), step('3', 2, 20)], 1000, 'KSampler: step 2 of 20'],
    [
      'at the rate that was heard',
      [step('3', 1, 20), step('3', 2, 20), step('3', 3, 20)],
      2000,
      'KSampler: step 3 of 20, about 17 s left',
    ],
    [
      'it runs down with time',
      [step('3', 1, 20), step('3', 2, 20), step('3', 3, 20)],
      12_000,
      'KSampler: step 3 of 20, about 7 s left',
    ],
    [
      'and says nothing once it should be over',
      [step('3', 1, 20), step('3', 2, 20), step('3', 3, 20)],
      19_000,
      'KSampler: step 3 of 20',
    ],
    [
      'minutes are rounded',
      [step('3', 1, 200), step('3', 2, 200), step('3', 3, 200)],
      2000,
      'KSampler: step 3 of 200, about 3 min left',
    ],
    [
      'another node has another rate',
      [step('1', 1, 9), step('1', 3, 9), step('3', 4, 9)],
      2000,
      'KSampler: step 4 of 9',
    ],
  ])('what is left of its steps: %s', (_, heard, now, words) => {
    expect(liveWords(heardOf(...heard), now)).toBe(words);
  });

  test('where nothing is heard there are no words', () => expect(liveWords(null, 0)).toBeNull());
});
