import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { useTRPC } from '../../api-client/trpc.ts';

const MAX_SHOWN = 20;
/** The server takes no more at a time. */
const MAX_CLASSES = 200;

/** The nodes of a workflow that no GPU has, and what is there instead. Nothing is shown where that is not known. */
export function MissingNodes({ prompt }: { prompt: Graph }) {
  const classes = useMemo(
    () => [...new Set(Object.values(prompt).map(({ class_type }) => class_type))].slice(0, MAX_CLASSES),
    [prompt],
  );
  const answer = useQuery({
    ...useTRPC().workflows.missingNodes.queryOptions({ classes }),
    refetchOnWindowFocus: false,
  });
  const missing = answer.data ?? [];
  if (missing.length === 0) return null;
  const more = missing.length - MAX_SHOWN;
  return (
    <section
      aria-label="Missing nodes"
      className="flex flex-col gap-2 rounded border border-dashed border-edge p-3 break-words"
    >
      <p>
        {missing.length === 1
          ? 'This workflow uses a node that is not installed on the GPUs. Replace it in ComfyUI, or ask your teacher to install it:'
          : 'This workflow uses nodes that are not installed on the GPUs. Replace them in ComfyUI, or ask your teacher to install them:'}
      </p>
      <ul className="flex flex-col gap-1">
        {missing.slice(0, MAX_SHOWN).map(({ name, near }) => (
          <li key={name}>
            <span className="font-semibold">{name}</span>
            {near.length > 0 && <span className="text-quiet"> similar: {near.join(', ')}</span>}
          </li>
        ))}
        {more > 0 && <li className="text-quiet">and {more} more</li>}
      </ul>
    </section>
  );
}
