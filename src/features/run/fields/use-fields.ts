import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Preset } from '#src/domain/fields/preset.ts';
import { type Change, withChanges } from '#src/domain/fields/with-changes.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { useTRPC } from '../../api-client/trpc.ts';
import { asTyped, changesOf, namesOf, openFields, type Typed, toSend } from './form-fields.ts';
import { randomSeed } from './random-seed.ts';

/** The server looks for no more at a time. */
const MAX_NAMES = 200;
const NOTHING: Typed = new Map();

/** The fields of a graph that may be changed, with what a person has typed into them, from `start` on. */
export function useFields(graph: Graph, start: Typed = NOTHING, preset: Preset | null = null) {
  const open = useMemo(() => openFields(graph, preset), [graph, preset]);
  const [typed, setTyped] = useState(start);
  const names = namesOf(open, typed).slice(0, MAX_NAMES);
  const missing = useQuery({
    ...useTRPC().inputs.missing.queryOptions({ names }),
    enabled: names.length > 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
  const fields = asTyped(open, typed, names.length > 0 ? (missing.data ?? []) : []);
  const send = (): Change[] => toSend(fields, start, randomSeed);
  return {
    fields,
    /** What differs from the graph, of what can be sent; seeds that are to be drawn do not yet. */
    changes: changesOf(fields),
    isValid: fields.every(({ why }) => why === null),
    set: (key: string, value: string | boolean): void => setTyped((all) => new Map(all).set(key, value)),
    /** The changes, with seeds that are drawn now. */
    toSend: send,
    filled: (): Graph => withChanges(graph, send()),
  };
}
