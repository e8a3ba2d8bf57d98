import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { withFiles } from '#src/domain/files/file-inputs.ts';
import { fileInputs } from '#src/domain/files/inputs.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { useTRPC } from '../../api-client/trpc.ts';
import { sendInput } from '../../uploads/send-input.ts';
import { matchFiles } from './match-files.ts';

export type MissingFile = {
  readonly name: string;
  /** The workflow cannot run without it. */
  readonly certain: boolean;
  readonly state:
    | { readonly type: 'missing' }
    | { readonly type: 'adding' }
    | { readonly type: 'added'; readonly as: string }
    | { readonly type: 'refused'; readonly why: string };
};

export const isWanted = ({ state }: MissingFile): boolean => state.type === 'missing' || state.type === 'refused';

/**
 * The files that a workflow names and the server lacks, with upload. What is `dropped` waits until it is known which these are. `filled` is the workflow
 * with the names of the uploads.
 */
export function useMissingFiles(prompt: Graph, dropped: readonly File[], onTaken: () => void) {
  const [unused, setUnused] = useState<readonly string[]>([]);
  const [states, setStates] = useState<ReadonlyMap<string, MissingFile['state']>>(new Map());
  const files = fileInputs(prompt);
  const asked = [...new Set(files.filter(({ folder }) => folder === 'input').map(({ name }) => name))];
  const answer = useQuery({
    ...useTRPC().inputs.missing.queryOptions({ names: asked }),
    enabled: asked.length > 0,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

  const absent = new Set(answer.data);
  const lacking = files.filter(({ name, folder }) => folder !== 'input' || absent.has(name));
  const missing = [...new Set(lacking.map(({ name }) => name))].map(
    (name): MissingFile => ({
      name,
      certain: lacking.some((file) => file.name === name && (file.certain || file.folder !== 'input')),
      state: states.get(name) ?? { type: 'missing' },
    }),
  );

  const put = (name: string, state: MissingFile['state']): void => setStates((all) => new Map(all).set(name, state));
  const add = async (name: string, file: File): Promise<void> => {
    put(name, { type: 'adding' });
    try {
      put(name, { type: 'added', as: await sendInput(file, name || file.name) });
    } catch (error) {
      put(name, { type: 'refused', why: error instanceof Error ? error.message : String(error) });
    }
  };

  const take = useEffectEvent((files: readonly File[]) => {
    const wanted = missing.filter(isWanted).map(({ name }) => name);
    const matched = matchFiles(files, wanted);
    const used = new Set(matched.values());
    for (const [name, file] of matched) void add(name, file);
    setUnused(files.filter((file) => !used.has(file)).map(({ name }) => name));
    onTaken();
  });
  const isKnown = asked.length === 0 || answer.isSuccess;
  useEffect(() => {
    if (isKnown && dropped.length > 0) take(dropped);
  }, [isKnown, dropped]);

  return {
    isAsking: answer.isLoading,
    /** Null unless the answer failed. */
    checkAgain: answer.isError ? () => void answer.refetch() : null,
    missing,
    unused,
    add,
    filled: (): Graph =>
      withFiles(prompt, lacking, ({ name, folder }) => {
        const state = states.get(name);
        return state?.type === 'added' && (state.as !== name || folder !== 'input') ? state.as : undefined;
      }),
  };
}
