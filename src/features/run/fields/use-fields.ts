import { useMemo, useState } from 'react';
import { fieldLabels } from '#src/domain/fields/field-words.ts';
import { type Field, fieldsOf } from '#src/domain/fields/fields-of.ts';
import { typedValue } from '#src/domain/fields/typed-value.ts';
import { type Change, withChanges } from '#src/domain/fields/with-changes.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';

export type FormField = Field & {
  readonly key: string;
  readonly label: string;
  /** As it stands in the form. */
  readonly typed: string | boolean;
  /** Why it cannot be sent like this. */
  readonly why: string | null;
};

type Typed = ReadonlyMap<string, string | boolean>;

export const fieldKey = ({ nodeId, input }: Pick<Field, 'nodeId' | 'input'>): string => `${nodeId} ${input}`;

const asTyped = ({ value }: Field): string | boolean => (typeof value === 'boolean' ? value : String(value));

/** The fields of a graph with what a person has typed into them, from `start` on. */
export function useFields(graph: Graph, start: Typed = new Map()) {
  const fields = useMemo(() => {
    const all = fieldsOf(graph);
    const labels = fieldLabels(all);
    return all.map((field, at) => ({ ...field, key: fieldKey(field), label: labels[at] ?? field.input }));
  }, [graph]);
  const [typed, setTyped] = useState(start);
  const shown = fields.map((field): FormField => {
    const now = typed.get(field.key) ?? asTyped(field);
    const read = typedValue(field, now);
    return { ...field, typed: now, why: 'why' in read ? read.why : null };
  });
  const changes = shown.flatMap((field): Change[] => {
    if (field.typed === asTyped(field)) return [];
    const read = typedValue(field, field.typed);
    return 'why' in read ? [] : [{ nodeId: field.nodeId, input: field.input, value: read.value }];
  });
  return {
    fields: shown,
    /** What differs from the graph, of what can be sent. */
    changes,
    isValid: shown.every(({ why }) => why === null),
    set: (key: string, value: string | boolean): void => setTyped((all) => new Map(all).set(key, value)),
    filled: (): Graph => withChanges(graph, changes),
  };
}
