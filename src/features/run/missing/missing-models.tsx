import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { type MissingModel, modelKey, withModels } from '#src/domain/workflow/missing-models.ts';
import { neededModels } from '#src/domain/workflow/needed-models.ts';
import { SelectField } from '#src/ui/forms/field.tsx';
import { useTRPC } from '../../api-client/trpc.ts';

/** The server takes no more at a time. */
const MAX_NEEDED = 200;

/** The models that a workflow needs and that are not there, and what a person takes instead. `filled` puts that into a graph. */
export function useMissingModels(prompt: Graph) {
  const needed = useMemo(
    () =>
      neededModels(prompt)
        .slice(0, MAX_NEEDED)
        .map(({ name, folders }) => ({ name, folders: folders && [...folders] })),
    [prompt],
  );
  const [instead, setInstead] = useState<ReadonlyMap<string, string>>(new Map());
  const answer = useQuery({
    ...useTRPC().workflows.missingModels.queryOptions({ needed }),
    enabled: needed.length > 0,
    refetchOnWindowFocus: false,
  });
  return {
    missing: answer.data ?? [],
    instead,
    choose: (model: MissingModel, name: string): void =>
      setInstead((all) => {
        const next = new Map(all);
        if (name === '') next.delete(modelKey(model));
        else next.set(modelKey(model), name);
        return next;
      }),
    filled: (graph: Graph): Graph => withModels(graph, instead),
  };
}

type MissingModelsProps = Pick<ReturnType<typeof useMissingModels>, 'missing' | 'instead' | 'choose'>;

/** A row for each missing model, with what is there instead. */
export function MissingModels({ missing, instead, choose }: MissingModelsProps) {
  if (missing.length === 0) return null;
  return (
    <section aria-label="Missing models" className="flex flex-col gap-3 rounded border border-dashed border-edge p-3">
      <p>
        {missing.length === 1
          ? 'This workflow names a model that is not in the models folder. Choose another one for all nodes that use it:'
          : 'This workflow names models that are not in the models folder. Choose others, each for all nodes that use it:'}
      </p>
      {missing.map((model) => (
        <SelectField
          key={modelKey(model)}
          label={`${model.name} (${model.folder}): use instead`}
          value={instead.get(modelKey(model)) ?? ''}
          onChange={({ currentTarget }) => choose(model, currentTarget.value)}
        >
          <option value="">Keep as it is</option>
          {model.choices.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </SelectField>
      ))}
    </section>
  );
}
