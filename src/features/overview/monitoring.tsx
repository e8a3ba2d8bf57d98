import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX } from 'lucide-react';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { useTRPC } from '../api-client/trpc.ts';
import { timeOfDay } from '../endpoints/endpoint-words.ts';
import { REFRESH_MS } from '../queue/queue-panel.tsx';

/** Monitoring tools; nothing where none is configured. */
export function Monitoring() {
  const trpc = useTRPC();
  const { data: tools = [] } = useQuery(
    trpc.admin.monitoring.list.queryOptions(undefined, { refetchInterval: REFRESH_MS }),
  );
  if (tools.length === 0) return null;
  return (
    <section aria-labelledby="monitoring" className="flex flex-col gap-3">
      <h2 id="monitoring" className="text-15 font-semibold">
        Monitoring
      </h2>
      <ul className="rounded border border-line bg-panel">
        {tools.map(({ name, url, problem }) => (
          <li
            key={name}
            className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-3 py-1 first:border-0"
          >
            <a
              href={url}
              target="_blank"
              rel="noreferrer"
              className="min-w-24 underline decoration-line underline-offset-2 hover:decoration-text"
            >
              {name}
            </a>
            {problem === null ? (
              <StatusLabel icon={CircleCheck} iconClass="text-done">
                online
              </StatusLabel>
            ) : (
              <StatusLabel icon={CircleX} iconClass="text-quiet">
                {`no response since ${timeOfDay(problem.since)}`}
              </StatusLabel>
            )}
            {problem && <span className="text-quiet">{problem.words}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
