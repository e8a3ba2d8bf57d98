import type { Json, JsonObject } from '../replica/python.ts';
import type { NodeRun } from './node.ts';

/** A class that the recording of all classes does not contain, or contains in another form for that version. */
export type NodeClassEntry = { info: JsonObject; run: NodeRun; since?: string };
export type NodeClassEntries = { [classType: string]: NodeClassEntry };

type Inputs = { [name: string]: Json[] };
type Shape = {
  required?: Inputs;
  optional?: Inputs;
  hidden?: 'metadata' | 'none';
  output?: string[];
  isOutput?: boolean;
  module: string;
};

export const text = (value = '', more: JsonObject = {}): Json[] => ['STRING', { default: value, ...more }];
export const int = (value: number): Json[] => ['INT', { default: value }];
export const float = (value: number): Json[] => ['FLOAT', { default: value }];
export const flag = (value: boolean): Json[] => ['BOOLEAN', { default: value }];
export const choice = (first: string, ...more: string[]): Json[] => [[first, ...more], { default: first }];
/** A list in which each choice has inputs of its own. */
export const dynamic = (options: { [key: string]: Inputs }): Json[] => [
  'COMFY_DYNAMICCOMBO_V3',
  { options: Object.entries(options).map(([key, required]) => ({ key, inputs: { required } })) },
];
export const link = (type: string): Json[] => [type, {}];

/** An entry of /object_info. */
export function classInfo(name: string, shape: Shape): JsonObject {
  const { required = {}, optional = {}, hidden = 'metadata', output = [], isOutput = false, module } = shape;
  const kinds: JsonObject = hidden === 'metadata' ? { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' } : {};
  return {
    input: { required, optional, hidden: kinds },
    input_order: {
      required: Object.keys(required),
      optional: Object.keys(optional),
      hidden: Object.keys(kinds),
    },
    output,
    output_is_list: output.map(() => false),
    output_name: output,
    name,
    display_name: name,
    description: '',
    python_module: module,
    category: 'simulated',
    output_node: isOutput,
  };
}
