import { useQuery } from '@tanstack/react-query';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { useTRPC } from '../api-client/trpc.ts';
import { figureWords } from './live-progress-words.ts';

const LOOK_AGAIN_MS = 5000;
const COLUMNS = [
  { name: 'Endpoint' },
  { name: 'Replicas heard', figures: true },
  { name: 'Rendering now', figures: true },
  { name: 'Class utilisation', figures: true },
  { name: 'Runs heard', figures: true },
  { name: 'Sent again', figures: true },
  { name: 'GPU time lost', figures: true },
];

/** How the GPUs are used, as far as it was observed. */
export function GpuUse() {
  const trpc = useTRPC();
  const uses = useQuery(trpc.admin.endpoints.use.queryOptions(undefined, { refetchInterval: LOOK_AGAIN_MS }));
  if (!uses.data || uses.data.length === 0) return null;
  return (
    <section aria-labelledby="gpu-use" className="flex flex-col gap-3">
      <h2 id="gpu-use" className="text-15 font-semibold">
        GPU use
      </h2>
      <p className="text-quiet">
        Since the class began, one day at most. Counts only replicas that are heard, that render at the same time, or
        that the platform names. A job is sent again when it waits behind another while a replica may be idle.
      </p>
      <Table label="GPU use" columns={COLUMNS}>
        {uses.data.map(({ id, name, ...use }) => {
          const { replicasHeard, rendering, classUtilisation, heard, lost } = figureWords(use);
          return (
            <tr key={id}>
              <Cell>{name}</Cell>
              <Cell figures>{replicasHeard ?? <Quiet>not listening</Quiet>}</Cell>
              {[rendering, classUtilisation, heard].map((figure, column) => (
                <Cell key={COLUMNS[column + 2]?.name} figures>
                  {figure ?? <Quiet>unknown</Quiet>}
                </Cell>
              ))}
              <Cell figures>{use.duplicates.sent}</Cell>
              <Cell figures>{lost}</Cell>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}

const Quiet = ({ children }: { children: string }) => <span className="text-quiet">{children}</span>;
