import { z } from 'zod';
import { isRecord } from '../workflow/graph.ts';
import { parseGraphJson } from '../workflow/graph-json.ts';
import type { NodeClass, Place } from './catalogue.ts';

/** An input as a class describes it: its type, or a list of choices. */
export type InputRule = {
  readonly isRequired: boolean;
  readonly type: string | readonly unknown[] | Place | null;
  readonly options: Readonly<Record<string, unknown>>;
  /** Where `options` has the choices. */
  readonly listed: readonly unknown[] | Place | null;
};

export type ClassRules = {
  readonly inputs: ReadonlyMap<string, InputRule>;
  readonly outputs: readonly unknown[];
  readonly isOutput: boolean;
  /** ComfyUI's own, whose rules have no exceptions but those known here: other classes may check what they get by themselves. */
  readonly isCore: boolean;
};

const inputs = z.record(z.string(), z.unknown()).catch({});
const described = z.object({
  input: z.object({ required: inputs, optional: inputs }).partial().catch({}),
  output: z.array(z.unknown()).catch([]),
  output_node: z.boolean().catch(false),
  python_module: z.string().catch(''),
});

const MARK = 'place of choices';
const isMark = (value: unknown): value is { [MARK]: number } => isRecord(value) && typeof value[MARK] === 'number';

function inputRule(config: unknown, isRequired: boolean, places: readonly Place[]): InputRule {
  const [type, given]: unknown[] = Array.isArray(config) ? config : [];
  const options = isRecord(given) ? given : {};
  const choices = (value: unknown): readonly unknown[] | Place | null => {
    if (Array.isArray(value)) return value;
    return isMark(value) ? (places[value[MARK]] ?? null) : null;
  };
  return {
    isRequired,
    type: typeof type === 'string' ? type : choices(type),
    options,
    listed: choices(options.options),
  };
}

const isCoreModule = (module: string): boolean => module === 'nodes' || module.startsWith('comfy_extras.');

function read(nodeClass: NodeClass): ClassRules | null {
  const places: Place[] = [];
  const text = nodeClass.parts.map((part) => {
    if (typeof part === 'string') return part;
    places.push(part);
    return `{"${MARK}":${places.length - 1}}`;
  });
  const parsed = described.safeParse(parseGraphJson(text.join('')));
  if (!parsed.success) return null;
  const { input, output, output_node, python_module } = parsed.data;
  const rules = (all: Record<string, unknown> | undefined, isRequired: boolean) =>
    Object.entries(all ?? {}).map(([name, config]) => [name, inputRule(config, isRequired, places)] as const);
  return {
    inputs: new Map([...rules(input.optional, false), ...rules(input.required, true)]),
    outputs: output,
    isOutput: output_node,
    isCore: isCoreModule(python_module),
  };
}

const known = new WeakMap<NodeClass, ClassRules | { readonly none: true }>();

/** Read when first asked for: a graph has few of a thousand classes. Null = nothing can be said of it. */
export function rulesOf(nodeClass: NodeClass): ClassRules | null {
  const rules = known.get(nodeClass) ?? read(nodeClass) ?? { none: true };
  known.set(nodeClass, rules);
  return 'none' in rules ? null : rules;
}
