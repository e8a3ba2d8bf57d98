import { CircleSlash, Flame, Loader, type LucideIcon, Moon, Snowflake, Sun } from 'lucide-react';
import Link from 'next/link';
import type { Warmth } from '#src/domain/lately.ts';
import { ago, clock } from '#src/domain/measures.ts';
import { StateWord } from '#src/ui/state-word.tsx';
import { Cell, Table } from '#src/ui/table.tsx';
import { boardAddress } from '../queue/board-filter.ts';
import { gpuWords, moneyWords } from './overview-words.ts';
import type { Overview } from './use-overview.ts';

const COLUMNS = [
  { name: 'Endpoint' },
  { name: 'GPU' },
  { name: 'State' },
  { name: 'Last sign of life', figures: true },
  { name: 'On it', figures: true },
  { name: 'Tries', figures: true },
  { name: 'Lost', figures: true },
  { name: 'GPU time', figures: true },
  { name: 'Money', figures: true },
];

const WARMTHS: Record<Warmth, readonly [icon: LucideIcon, look: string, words: string]> = {
  off: [CircleSlash, 'text-quiet', 'Switched off'],
  resting: [Moon, 'text-failed', 'Rests'],
  rendering: [Flame, 'text-done', 'Rendering'],
  starting: [Loader, 'text-waking', 'Sent, not begun yet'],
  warm: [Sun, 'text-done', 'Warm'],
  quiet: [Snowflake, 'text-waking', 'Quiet, maybe cold'],
  unseen: [Snowflake, 'text-quiet', 'Nothing seen yet'],
};

type Endpoint = Overview['endpoints'][number];

function State({ warmth, restsUntil, now }: { warmth: Warmth; restsUntil: string | null; now: string }) {
  const [icon, look, words] = WARMTHS[warmth];
  return (
    <StateWord icon={icon} look={look}>
      {warmth === 'resting' && restsUntil !== null
        ? `${words} for ${clock(Date.parse(restsUntil) - Date.parse(now))}`
        : words}
    </StateWord>
  );
}

export function Endpoints({ overview }: { overview: Overview }) {
  const { endpoints, currency } = overview;
  return (
    <section aria-labelledby="endpoints" className="flex flex-col gap-3">
      <h2 id="endpoints" className="text-15 font-semibold">
        Endpoints
      </h2>
      {endpoints.length > 0 && (
        <Table label="Endpoints" columns={COLUMNS}>
          {endpoints.map((endpoint) => (
            <tr key={endpoint.id}>
              <Cell>
                <Link
                  href={boardAddress({ endpointId: endpoint.id })}
                  prefetch={false}
                  className="underline decoration-line underline-offset-2 hover:decoration-text"
                >
                  {endpoint.name}
                </Link>
              </Cell>
              <Cell>{`${endpoint.gpu} ${endpoint.pricing}`.trim()}</Cell>
              <Cell>
                <State warmth={endpoint.warmth} restsUntil={endpoint.restsUntil} now={overview.now} />
              </Cell>
              <Cell figures>{seen(endpoint, overview.now)}</Cell>
              <Cell figures>{`${endpoint.inFlight} of ${endpoint.capacity}`}</Cell>
              <Cell figures>{endpoint.attempts || ''}</Cell>
              <Cell figures>
                {endpoint.lost > 0 && <span className="font-semibold text-failed">{endpoint.lost}</span>}
              </Cell>
              <Cell figures>{endpoint.gpuMs > 0 && gpuWords(endpoint.gpuMs)}</Cell>
              <Cell figures>
                {endpoint.isPriced ? (
                  endpoint.gpuMs > 0 && moneyWords(endpoint.cost, currency)
                ) : (
                  <span className="text-quiet">no price</span>
                )}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

const seen = ({ lastSignAt }: Endpoint, now: string): string =>
  lastSignAt === null ? '' : ago(new Date(lastSignAt), new Date(now));
