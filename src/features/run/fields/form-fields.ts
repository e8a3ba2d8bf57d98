import { fieldLabels, fieldWord } from '#src/domain/fields/field-words.ts';
import { type Field, fieldsOf } from '#src/domain/fields/fields-of.ts';
import { fieldKey, isOpen, type Limits, limitFault, limitsOf, limitWords } from '#src/domain/fields/limits.ts';
import type { Preset } from '#src/domain/fields/preset.ts';
import { typedValue } from '#src/domain/fields/typed-value.ts';
import type { Change } from '#src/domain/fields/with-changes.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';

type OpenField = Field & {
  readonly key: string;
  readonly label: string;
  readonly limits: Limits;
  /** The teacher's limits, in words. */
  readonly hint: string | null;
};
export type FormField = OpenField & {
  /** As it stands in the form; of a seed, empty is a new one in each run. */
  readonly typed: string | boolean;
  /** Why it cannot be sent like this. */
  readonly why: string | null;
};
export type OnSet = (key: string, value: string | boolean) => void;
export type Typed = ReadonlyMap<string, string | boolean>;

const own = ({ value }: Field): string | boolean => (typeof value === 'boolean' ? value : String(value));
const isDrawn = ({ kind }: Field, typed: string | boolean): boolean => kind === 'seed' && typed === '';

/** The fields of a graph that may be changed. */
export function openFields(graph: Graph, preset: Preset | null): OpenField[] {
  const all = fieldsOf(graph);
  const labels = fieldLabels(all);
  return all
    .map((field, at) => {
      const limits = limitsOf(field, preset);
      const hint = preset && limitWords(limits);
      return { ...field, key: fieldKey(field), label: labels[at] ?? field.input, limits, hint };
    })
    .filter((field) => isOpen(field, preset));
}

/** Seeds that are new in each run, instead of the workflow's own, which would be the same for everybody. */
export const randomSeeds = (graph: Graph): Typed =>
  new Map(fieldsOf(graph).flatMap((field) => (field.kind === 'seed' ? [[fieldKey(field), ''] as const] : [])));

/** What is typed, as a value to send, or why it is none. */
function toValue(field: OpenField, typed: string | boolean): ReturnType<typeof typedValue> {
  const read = typedValue(field, typed);
  if ('why' in read) return read;
  const why = limitFault(field, field.limits, read.value);
  return why === null ? read : { why };
}

const nameOf = (field: OpenField, typed: Typed): string | null => {
  const now = typed.get(field.key) ?? own(field);
  return field.kind === 'file' && field.media !== null && typeof now === 'string' ? now : null;
};

/** The files that these fields surely name, each once. */
export const namesOf = (fields: readonly OpenField[], typed: Typed): string[] => [
  ...new Set(fields.flatMap((field) => nameOf(field, typed) ?? [])),
];

/** The fields as they stand in the form. `missing`: names of files that are not there. */
export const asTyped = (fields: readonly OpenField[], typed: Typed, missing: readonly string[]): FormField[] =>
  fields.map((field) => {
    const now = typed.get(field.key) ?? own(field);
    // The workflow's own values are its author's.
    const read = isDrawn(field, now) || now === own(field) ? null : toValue(field, now);
    const name = nameOf(field, typed);
    const isMissing = name !== null && missing.includes(name);
    const why = isMissing ? `Choose a ${fieldWord(field).toLowerCase()}.` : read && 'why' in read ? read.why : null;
    return { ...field, typed: now, why };
  });

const changed = ({ nodeId, input }: Field, value: Change['value']): Change => ({ nodeId, input, value });

/** What differs from the graph, of what can be sent; seeds that are to be drawn do not yet. */
export const changesOf = (fields: readonly FormField[]): Change[] =>
  fields.flatMap((field) => {
    if (field.typed === own(field) || isDrawn(field, field.typed)) return [];
    const read = toValue(field, field.typed);
    return 'why' in read ? [] : [changed(field, read.value)];
  });

/** The same, with seeds from `draw`; and a seed of `start` that somebody has typed, though it is the graph's own: otherwise it would be drawn. */
export const toSend = (fields: readonly FormField[], start: Typed, draw: () => number): Change[] =>
  fields.flatMap((field) => {
    if (isDrawn(field, field.typed)) return [changed(field, draw())];
    return field.kind === 'seed' && start.has(field.key) ? [changed(field, field.typed)] : changesOf([field]);
  });
