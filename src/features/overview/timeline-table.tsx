import { Cell, Table } from '#src/ui/tables/table.tsx';
import { waitWords } from './overview-words.ts';
import type { Timeline } from './use-overview.ts';

const COLUMNS = [
  { name: 'From', figures: true },
  { name: 'Done', figures: true },
  { name: 'Failed', figures: true },
  { name: 'Cancelled', figures: true },
  { name: 'Median wait', figures: true },
  { name: 'Peak on GPUs', figures: true },
];

/** The plots as a table. */
export function TimelineTable({ timeline }: { timeline: Timeline }) {
  const { startsAt, stepMs, completed, failed, cancelled, waitMs, inFlight } = timeline;
  const timeOf = (index: number): string =>
    new Date(Date.parse(startsAt) + index * stepMs).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return (
    <details>
      <summary className="w-fit text-quiet hover:text-text">Show as table</summary>
      <div className="pt-2">
        <Table label="Recent hours" columns={COLUMNS}>
          {completed.map((done, index) => (
            <tr key={timeOf(index)}>
              <Cell figures>{timeOf(index)}</Cell>
              <Cell figures>{done || ''}</Cell>
              <Cell figures>{failed[index] || ''}</Cell>
              <Cell figures>{cancelled[index] || ''}</Cell>
              <Cell figures>{waitWords(waitMs[index] ?? null)}</Cell>
              <Cell figures>{inFlight[index] || ''}</Cell>
            </tr>
          ))}
        </Table>
      </div>
    </details>
  );
}
