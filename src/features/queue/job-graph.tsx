import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { exactJson } from '#src/domain/workflow/exact-json.ts';
import { CopyButton } from '#src/ui/buttons/copy-button.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { searchNodes, shownNodes } from './graph-nodes.ts';
import type { Story } from './job-story.ts';

const MAX_OPEN = 5;

/** The submitted graph, node by node. */
export function JobGraph({ id, nodeErrors }: { id: string; nodeErrors: Story['job']['nodeErrors'] }) {
  const trpc = useTRPC();
  const graph = useQuery(trpc.jobs.graph.queryOptions({ id }));
  const [text, setText] = useState('');
  const field = useId();
  const nodes = shownNodes(graph.data?.prompt);
  const found = searchNodes(nodes, text);
  return (
    <section aria-label="Graph" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-15 font-semibold">Graph</h2>
        {graph.data && (
          <CopyButton text={exactJson(graph.data.prompt, graph.data.exactPrompt, 2)} label="Copy as JSON" />
        )}
      </div>
      {graph.error && <p role="alert">{failureOf(graph.error).sentence}</p>}
      {graph.data && (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <label htmlFor={field} className="sr-only">
              Search the graph
            </label>
            <input
              id={field}
              type="search"
              placeholder="Node, input or value"
              value={text}
              onChange={(event) => setText(event.target.value)}
              className="h-8 w-60 rounded border border-edge/60 bg-panel px-2 text-13 pointer-coarse:h-10"
            />
            <span role="status" className="text-quiet tabular-nums">
              {text.trim() === ''
                ? counted(nodes.length, 'node')
                : `${found.length} of ${counted(nodes.length, 'node')}`}
            </span>
          </div>
          <ul className="flex flex-col rounded border border-line bg-panel">
            {found.map((node) => {
              const errors = nodeErrors?.[node.id]?.errors ?? [];
              return (
                <li
                  key={`${node.id} ${text !== '' && found.length <= MAX_OPEN}`}
                  className="border-t border-line first:border-0"
                >
                  <details open={errors.length > 0 || (text.trim() !== '' && found.length <= MAX_OPEN)}>
                    <summary className="px-3 py-1.5">
                      <span className="inline-block w-12 text-quiet tabular-nums">{node.id}</span>
                      <b className="font-semibold">{node.title ?? node.classType}</b>
                      {node.title !== null && <span className="text-quiet"> {node.classType}</span>}
                      {errors.length > 0 && <span className="text-failed"> {errors[0]?.message}</span>}
                    </summary>
                    <dl className="px-3 pb-2 sm:pl-15">
                      {node.inputs.map(({ name, value }) => (
                        <div key={name} className="grid gap-x-3 py-0.5 sm:grid-cols-[12rem_1fr]">
                          <dt className="text-quiet">{name}</dt>
                          <dd className="max-h-40 min-w-0 overflow-auto whitespace-pre-wrap tabular-nums">{value}</dd>
                        </div>
                      ))}
                    </dl>
                    {errors.map(({ message, details }) => (
                      <p
                        key={message + details}
                        className="px-3 pb-1 text-failed sm:pl-15"
                      >{`${message} ${details}`}</p>
                    ))}
                  </details>
                </li>
              );
            })}
            {found.length === 0 && <li className="px-3 py-2 text-quiet">No matching nodes.</li>}
          </ul>
        </>
      )}
    </section>
  );
}
