import { type Graph, isLink } from './graph.ts';

const MAX_STEPS = 100;
const MAX_TEXT = 4096;
const PRIMITIVES: ReadonlySet<string> = new Set([
  'PrimitiveString',
  'PrimitiveStringMultiline',
  'PrimitiveBoolean',
  'PrimitiveInt',
  'PrimitiveFloat',
]);

/** The value that an input surely has: its own, or what nodes of the core that hold constants give. Undefined when only the worker will know. */
export function constantValue(graph: Graph, input: unknown): unknown {
  let steps = MAX_STEPS;
  const resolve = (value: unknown): unknown => {
    if (!isLink(value)) return value;
    const source = graph[value[0]];
    steps -= 1;
    if (!source || steps < 0) return undefined;
    if (PRIMITIVES.has(source.class_type)) return resolve(source.inputs.value);
    if (source.class_type !== 'StringConcatenate') return undefined;
    const first = resolve(source.inputs.string_a);
    const second = resolve(source.inputs.string_b);
    const delimiter = resolve(source.inputs.delimiter ?? '');
    if (typeof first !== 'string' || typeof second !== 'string' || typeof delimiter !== 'string') return undefined;
    return first.length + second.length + delimiter.length > MAX_TEXT ? undefined : first + delimiter + second;
  };
  return resolve(input);
}
