import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { fieldLabels, fieldWord } from '#src/domain/fields/field-words.ts';
import { type Field, fieldsOf } from '#src/domain/fields/fields-of.ts';
import { fieldKey, isOpen, type Limits, limitFault, limitsOf, limitWords } from '#src/domain/fields/limits.ts';
import type { Preset } from '#src/domain/fields/preset.ts';
import { typedValue } from '#src/domain/fields/typed-value.ts';
import { type Change, withChanges } from '#src/domain/fields/with-changes.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { useTRPC } from '../../api-client/trpc.ts';
import { randomSeed } from './random-seed.ts';

export type FormField = Field & {
  readonly key: string;
  readonly label: string;
  readonly limits: Limits;
  /** The teacher's limits, in words. */
  readonly hint: string | null;
  /** As it stands in the form; of a seed, empty is a new one in each run. */
  readonly typed: string | boolean;
  /** Why it cannot be sent like this. */
  readonly why: string | null;
};

export type OnSet = (key: string, value: string | boolean) => void;
export type Typed = ReadonlyMap<string, string | boolean>;

const asTyped = ({ value }: Field): string | boolean => (typeof value === 'boolean' ? value : String(value));

/** Seeds that are new in each run, instead of the workflow's own, which would be the same for everybody. */
export const randomSeeds = (graph: Graph): Typed =>
  new Map(fieldsOf(graph).flatMap((field) => (field.kind === 'seed' ? [[fieldKey(field), ''] as const] : [])));

/** The server looks for no more at a time. */
const MAX_NAMES = 200;

type Shown = Omit<FormField, 'typed' | 'why'>;

/** What is typed, as a value to send, or why it is none. */
function sendable(field: Shown, typed: string | boolean): ReturnType<typeof typedValue> {
  const read = typedValue(field, typed);
  if ('why' in read) return read;
  const why = limitFault(field, field.limits, read.value);
  return why === null ? read : { why };
}

/** The fields of a graph that may be changed, with what a person has typed into them, from `start` on. */
export function useFields(graph: Graph, start: Typed = new Map(), preset: Preset | null = null) {
  const fields = useMemo(() => {
    const all = fieldsOf(graph);
    const labels = fieldLabels(all);
    return all
      .map((field, at) => {
        const limits = limitsOf(field, preset);
        const hint = preset && limitWords(limits);
        return { ...field, key: fieldKey(field), label: labels[at] ?? field.input, limits, hint };
      })
      .filter((field) => isOpen(field, preset));
  }, [graph, preset]);
  const [typed, setTyped] = useState(start);
  const now = (field: Shown): string | boolean => typed.get(field.key) ?? asTyped(field);

  const names = fields.flatMap((field) => (field.kind === 'file' && field.media !== null ? String(now(field)) : []));
  const absent = useQuery({
    ...useTRPC().inputs.missing.queryOptions({ names: [...new Set(names)].slice(0, MAX_NAMES) }),
    enabled: names.length > 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
  const missing = new Set(names.length > 0 ? absent.data : []);

  const isDrawn = (field: Shown): boolean => field.kind === 'seed' && now(field) === '';
  const shown = fields.map((field): FormField => {
    const at = now(field);
    // The workflow's own values are its author's.
    const read = isDrawn(field) || at === asTyped(field) ? null : sendable(field, at);
    const isMissing = field.kind === 'file' && field.media !== null && typeof at === 'string' && missing.has(at);
    const why = isMissing ? `Choose a ${fieldWord(field).toLowerCase()}.` : read && 'why' in read ? read.why : null;
    return { ...field, typed: at, why };
  });
  const changed = (field: FormField, value: Change['value']): Change => ({
    nodeId: field.nodeId,
    input: field.input,
    value,
  });
  const differing = (field: FormField): Change[] => {
    if (field.typed === asTyped(field) || isDrawn(field)) return [];
    const read = sendable(field, field.typed);
    return 'why' in read ? [] : [changed(field, read.value)];
  };
  /** Every seed is among it: one that was drawn, or typed, though it may be the workflow's own. */
  const toSend = (): Change[] =>
    shown.flatMap((field) =>
      field.kind === 'seed' ? changed(field, field.typed === '' ? randomSeed() : field.typed) : differing(field),
    );
  return {
    fields: shown,
    /** What differs from the graph, of what can be sent. Seeds that are to be drawn are not among it. */
    changes: shown.flatMap(differing),
    isValid: shown.every(({ why }) => why === null),
    set: (key: string, value: string | boolean): void => setTyped((all) => new Map(all).set(key, value)),
    toSend,
    filled: (): Graph => withChanges(graph, toSend()),
  };
}
