import Link from 'next/link';
import { ago, counted } from '#src/domain/measures.ts';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { boardAddress } from '../queue/board-filter.ts';
import { costWords, gpuWords, turnWords, waitWords } from './overview-words.ts';
import type { Overview } from './use-overview.ts';

const COLUMNS = [
  { name: 'Name' },
  { name: 'Last seen' },
  { name: 'Queued', figures: true },
  { name: 'On GPUs', figures: true },
  { name: 'Done', figures: true },
  { name: 'Failed', figures: true },
  { name: 'Median wait' },
  { name: 'Longest', figures: true },
  { name: 'GPU time', figures: true },
  { name: 'Est. cost', figures: true },
];

const MIN_SCALE_MS = 10_000;

type Person = Overview['people'][number];

const hereWords = ({ tabs, lastSeenAt }: Person, now: Date): string => {
  if (tabs > 0) return tabs === 1 ? 'online' : `online, ${counted(tabs, 'tab')}`;
  return lastSeenAt === null ? 'never' : ago(new Date(lastSeenAt), now);
};

/** Participants: presence, jobs, waiting times and cost. */
export function People({ overview }: { overview: Overview }) {
  const { people, turns, currency } = overview;
  const now = new Date(overview.now);
  // Bars of short waits stay short.
  const longest = Math.max(MIN_SCALE_MS, ...people.map(({ waits }) => waits.medianMs ?? 0));
  return (
    <section aria-labelledby="people" className="flex flex-col gap-3">
      <h2 id="people" className="text-15 font-semibold">
        Participants
      </h2>
      <p className={turns.verdict === 'uneven' ? undefined : 'text-quiet'}>{turnWords(turns)}</p>
      {people.length === 0 ? (
        <p className="text-quiet">
          No participants yet.{' '}
          <Link href="/admin/participants" prefetch={false} className="underline">
            Add participants
          </Link>
        </p>
      ) : (
        <Table label="Participants" columns={COLUMNS}>
          {people.map((person) => (
            <tr key={person.id}>
              <Cell>
                <Link
                  href={boardAddress({ userId: person.id })}
                  prefetch={false}
                  title={person.name}
                  className="block max-w-36 truncate underline pointer-coarse:leading-10 decoration-line underline-offset-2 hover:decoration-text sm:max-w-60"
                >
                  {person.name}
                </Link>
              </Cell>
              <Cell>
                <span className={person.tabs > 0 ? 'text-done' : 'text-quiet'}>{hereWords(person, now)}</span>
              </Cell>
              <Cell figures>{person.waiting || ''}</Cell>
              <Cell figures>{person.onGpus || ''}</Cell>
              <Cell figures>{person.completed || ''}</Cell>
              <Cell figures>{person.failed > 0 && <FailedLink person={person} />}</Cell>
              <Cell>
                <WaitBar ms={person.waits.medianMs} longest={longest} />
              </Cell>
              <Cell figures>{waitWords(person.waits.worst?.ms ?? null)}</Cell>
              <Cell figures>{person.gpuMs > 0 && gpuWords(person.gpuMs)}</Cell>
              <Cell figures>{person.gpuMs > 0 && costWords(person, currency)}</Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function FailedLink({ person }: { person: Person }) {
  return (
    <Link
      href={boardAddress({ state: 'failed', userId: person.id })}
      prefetch={false}
      aria-label={`${counted(person.failed, 'failed job')} of ${person.name}`}
      className="underline decoration-line underline-offset-2 hover:decoration-text"
    >
      {person.failed}
    </Link>
  );
}

function WaitBar({ ms, longest }: { ms: number | null; longest: number }) {
  if (ms === null) return null;
  return (
    <span className="flex items-center gap-2">
      <span className="w-14 text-right tabular-nums">{waitWords(ms)}</span>
      <span aria-hidden className="h-2 w-24">
        <span className="block h-2 rounded-full bg-edge" style={{ width: `${Math.max(2, (ms / longest) * 100)}%` }} />
      </span>
    </span>
  );
}
