import Link from 'next/link';
import { answerWords, outcomeWords } from '#src/domain/jobs/job-story.ts';
import { clock } from '#src/domain/measures.ts';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { boardAddress } from './board-filter.ts';
import { LINK, type Story, time } from './job-story.ts';

export function JobAttempts({ attempts }: { attempts: Story['attempts'] }) {
  const took = (from: string | null, to: string | null): string =>
    from === null || to === null ? '' : clock(Date.parse(to) - Date.parse(from));
  return (
    <Table
      label="Attempts"
      columns={[
        { name: 'Attempt', figures: true },
        { name: 'Endpoint' },
        { name: 'Sent', figures: true },
        { name: 'Response' },
        { name: 'Started after', figures: true },
        { name: 'Rendered for', figures: true },
        { name: 'Ended', figures: true },
        { name: 'Outcome' },
        { name: 'Prompt ID' },
      ]}
    >
      {attempts.map((attempt) => (
        <tr key={attempt.id}>
          <Cell figures>{attempt.number}</Cell>
          <Cell>
            <Link href={boardAddress({ endpointId: attempt.endpointId })} prefetch={false} className={LINK}>
              {attempt.endpoint}
            </Link>
          </Cell>
          <Cell figures>{time(attempt.sentAt)}</Cell>
          <Cell>{answerWords(attempt)}</Cell>
          <Cell figures>{took(attempt.sentAt, attempt.startedAt)}</Cell>
          <Cell figures>{took(attempt.startedAt, attempt.wholeAt)}</Cell>
          <Cell figures>{attempt.endedAt && time(attempt.endedAt)}</Cell>
          <Cell>{outcomeWords(attempt.outcome)}</Cell>
          <Cell>
            <code title={`Folder on the share: ${attempt.folder}`} className="text-12">
              {attempt.id}
            </code>
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
