import { z } from 'zod';
import type { Json, JsonObject } from './python.ts';

const inputSpec = z.union([
  z.tuple([z.union([z.string(), z.array(z.json())])]),
  z.tuple([z.union([z.string(), z.array(z.json())]), z.record(z.string(), z.json())]),
]);
const dynamicList = 'COMFY_DYNAMICCOMBO_V3';
const section = z.record(z.string(), inputSpec).default({});

const classSchema = z.looseObject({
  input: z.looseObject({
    required: section,
    optional: section,
    hidden: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  }),
  output: z.array(z.union([z.string(), z.array(z.json())])),
  output_node: z.boolean(),
});

export type InputSpec = { type: string | Json[]; config: JsonObject };
export type NodeClass = {
  required: ReadonlyMap<string, InputSpec>;
  optional: ReadonlyMap<string, InputSpec>;
  hidden: ReadonlyMap<string, string>;
  outputs: readonly (string | Json[])[];
  isOutput: boolean;
};

const optionSchema = z.object({
  key: z.string(),
  inputs: z.object({ required: section, optional: section }),
});

/** The inputs of a node: those of its class, and those that the choice in a dynamic list brings, as `list.input`. */
export function inputsOf(
  { required, optional }: NodeClass,
  given: JsonObject,
): { name: string; spec: InputSpec; isRequired: boolean }[] {
  const all = [
    ...[...required].map(([name, spec]) => ({ name, spec, isRequired: true })),
    ...[...optional].map(([name, spec]) => ({ name, spec, isRequired: false })),
  ];
  return all.flatMap((input) => {
    if (input.spec.type !== dynamicList || !Array.isArray(input.spec.config.options)) return [input];
    const chosen = input.spec.config.options
      .map((option) => optionSchema.parse(option))
      .find(({ key }) => key === given[input.name]);
    const brought = (part: z.infer<typeof section>, isRequired: boolean) =>
      Object.entries(part).map(([name, [type, config]]) => ({
        name: `${input.name}.${name}`,
        spec: { type, config: config ?? {} },
        isRequired,
      }));
    return chosen
      ? [input, ...brought(chosen.inputs.required, true), ...brought(chosen.inputs.optional, false)]
      : [input];
  });
}

const specs = (part: z.infer<typeof section>): Map<string, InputSpec> =>
  new Map(Object.entries(part).map(([name, spec]) => [name, { type: spec[0], config: spec[1] ?? {} }]));

/** A class as /object_info has it. */
export function readInfo(info: JsonObject): NodeClass {
  const { input, output, output_node } = classSchema.parse(info);
  return {
    required: specs(input.required),
    optional: specs(input.optional),
    hidden: new Map(
      Object.entries(input.hidden).flatMap(([name, kind]) => (typeof kind === 'string' ? [[name, kind] as const] : [])),
    ),
    outputs: output,
    isOutput: output_node,
  };
}
