import { useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { Info } from 'lucide-react';
import type { AppRouter } from '#src/api/app/router.ts';
import { ago, counted, fileSize } from '#src/domain/measures.ts';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { REFRESH_MS } from '../queue/queue-panel.tsx';
import { versionWords } from './process-words.ts';

type Process = inferRouterOutputs<AppRouter>['admin']['processes']['list'][number];

const COLUMNS = [
  { name: 'Host' },
  { name: 'Version' },
  { name: 'Role' },
  { name: 'Started', figures: true },
  { name: 'CPU', figures: true },
  { name: 'Memory', figures: true },
  { name: 'Connections', figures: true },
];

const cpuWords = (cpu: number): string => `${Math.round(cpu * 100)}%`;

function OneLine({ host, version, cpu, residentBytes, sockets, startedAt }: Process) {
  const now = new Date(onServerClock(useNow()));
  const facts = [
    `version ${version}`,
    `started ${ago(new Date(startedAt), now)}`,
    `CPU ${cpuWords(cpu)}`,
    fileSize(residentBytes),
    counted(sockets, 'connection'),
  ];
  return (
    <p className="text-quiet">
      <span className="text-text">{host}</span> · {facts.map((fact) => fact.replaceAll(' ', '\u00a0')).join(' · ')}
    </p>
  );
}

function Rows({ processes }: { processes: readonly Process[] }) {
  const now = new Date(onServerClock(useNow()));
  return processes.map(({ id, host, pid, version, isLeader, startedAt, cpu, residentBytes, sockets }) => (
    <tr key={id}>
      <Cell>
        {host} <span className="text-quiet">{pid}</span>
      </Cell>
      <Cell>{version}</Cell>
      <Cell>{isLeader ? 'Leader' : 'Follower'}</Cell>
      <Cell figures>{ago(new Date(startedAt), now)}</Cell>
      <Cell figures>{cpuWords(cpu)}</Cell>
      <Cell figures>{fileSize(residentBytes)}</Cell>
      <Cell figures>{sockets}</Cell>
    </tr>
  ));
}

/** What serves this installation: a line for one process, a table for several. */
export function Processes() {
  const trpc = useTRPC();
  const { data: processes = [] } = useQuery(
    trpc.admin.processes.list.queryOptions(undefined, { refetchInterval: REFRESH_MS }),
  );
  const [first] = processes;
  if (!first) return null;
  const warning = versionWords(processes);
  return (
    <section aria-labelledby="processes" className="flex flex-col gap-3">
      <h2 id="processes" className="text-15 font-semibold">
        {processes.length === 1 ? 'Server' : 'Servers'}
      </h2>
      {warning && (
        <p className="flex items-center gap-2">
          <Info size={16} aria-hidden className="shrink-0 text-accent" />
          {warning}
        </p>
      )}
      {processes.length === 1 ? (
        <OneLine {...first} />
      ) : (
        <Table label="Servers" columns={COLUMNS}>
          <Rows processes={processes} />
        </Table>
      )}
    </section>
  );
}
