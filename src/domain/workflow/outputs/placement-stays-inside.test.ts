import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prefix } from '../../fixtures/random-graph.ts';
import type { Graph } from '../graph.ts';
import { isLink } from '../graph.ts';
import { rewriteGraph } from '../rewrite.ts';
import { CORE_OUTPUTS } from './core-outputs.ts';
import { CUSTOM_OUTPUTS } from './custom-outputs.ts';
import { saverOf } from './outputs.ts';

const INPUTS = [
  'filename_prefix',
  'save_prefix',
  'prefix',
  'output_path',
  'path',
  'filename',
  'file',
  'foldername_prefix',
  'folder_name',
  'output_folder',
];
const text = fc.oneof(
  prefix,
  fc.constantFrom('..', '../', '/', '\\', '../../x', 'C:\\x', '%date:yyyy/MM/dd%', '%Text.value%', '~/x', './..//../a'),
);
/** A text, a constant that is linked, or one that only the worker knows. */
const given = fc.oneof(text, fc.constant<unknown>(['constant', 0]), fc.constant<unknown>(['dynamic', 0]));
const classType = fc.constantFrom(...CORE_OUTPUTS.keys(), ...CUSTOM_OUTPUTS.keys(), 'Unknown');

/** A text as the worker sees it. */
function worked(prompt: Graph, value: unknown, dynamic: string): string {
  if (!isLink(value)) return typeof value === 'string' ? value : '';
  const { class_type, inputs } = prompt[value[0]] ?? { class_type: '', inputs: {} };
  const of = (name: string) => worked(prompt, inputs[name], dynamic);
  if (class_type === 'StringReplace') return of('string').replaceAll(of('find'), of('replace'));
  if (class_type === 'StringConcatenate') return of('string_a') + of('delimiter') + of('string_b');
  return class_type === 'Dynamic' ? dynamic : of('value');
}

test('whatever a name holds, what is written stays below the attempt’s folder of that node', () => {
  let placed = 0;
  const inputs = fc.dictionary(fc.constantFrom(...INPUTS), given, { maxKeys: INPUTS.length, noNullPrototype: true });
  fc.assert(
    fc.property(fc.uuid(), classType, inputs, text, text, (id, name, own, constant, dynamic) => {
      const graph: Graph = {
        n: { class_type: name, inputs: own },
        constant: { class_type: 'PrimitiveString', inputs: { value: constant }, _meta: { title: 'Text' } },
        dynamic: { class_type: 'Dynamic', inputs: {} },
      };
      const saver = saverOf(graph, graph.n!);
      const { prompt, plan } = rewriteGraph(graph, id, { version: null }, 0);
      if (!saver) return;
      placed += 1;
      const { place } = saver;
      const at = (input: string) => worked(prompt, prompt.n?.inputs[input], dynamic).replaceAll('\\', '/');
      // As these nodes do it: joined to the output folder; an absolute one would lead out of it.
      const path =
        place.kind === 'prefix'
          ? posix.resolve('/outputs', at(place.input))
          : posix.resolve('/outputs', at(place.input), `${at(place.name)}_00001_.png`);
      const home = `/outputs/${plan.folder}/0`;
      expect(path === home || path.startsWith(`${home}/`)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(placed).toBeGreaterThan(500);
});
