import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Graph } from './graph.ts';
import { graphPart } from './graph-part.ts';

const node = (inputs: Record<string, unknown> = {}) => ({ class_type: 'Any', inputs });
const graph: Graph = {
  1: node({ seed: 7 }),
  2: node({ image: ['1', 0] }),
  3: node({ image: ['2', 0], prefix: 'a' }),
  4: node({ image: ['1', 0] }),
  '5:1': node({ image: ['4', 0] }),
};

test.each([
  [['3'], ['1', '2', '3']],
  [['4'], ['1', '4']],
  [['5:1'], ['1', '4', '5:1']],
  [
    ['3', '4'],
    ['1', '2', '3', '4'],
  ],
  [['9'], []],
  [[], []],
])('the part for %j has %j', (targets, ids) =>
  expect(Object.keys(graphPart(graph, targets)).sort()).toEqual(ids.sort()),
);

test('a circle does not hang it', () => {
  const circle: Graph = { 1: node({ a: ['2', 0] }), 2: node({ a: ['1', 0] }) };
  expect(Object.keys(graphPart(circle, ['1']))).toEqual(['1', '2']);
});

test('every link of a part leads into the part, or nowhere in the whole either', () => {
  const ids = fc.constantFrom('1', '2', '3', '4', '5', '6');
  const links = fc.array(ids, { maxLength: 3 });
  fc.assert(
    fc.property(fc.dictionary(ids, links), fc.array(ids), (shape, targets) => {
      const whole: Graph = Object.fromEntries(
        Object.entries(shape).map(([id, to]) => [
          id,
          node(Object.fromEntries(to.map((target, at) => [`in${at}`, [target, 0]]))),
        ]),
      );
      const part = graphPart(whole, targets);
      for (const id of targets) expect(Object.hasOwn(part, id)).toBe(Object.hasOwn(whole, id));
      for (const id of Object.keys(part))
        for (const to of shape[id] ?? []) expect(Object.hasOwn(part, to)).toBe(Object.hasOwn(whole, to));
    }),
  );
});
