import { CircleSlash, Flame, Hourglass, Moon, Snowflake } from 'lucide-react';
import Link from 'next/link';
import { ago, clock } from '#src/domain/measures.ts';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { timeOfDay, warmStateWords } from '../endpoints/endpoint-words.ts';
import { boardAddress } from '../queue/board-filter.ts';
import { gpuWords, moneyWords } from './overview-words.ts';
import type { Overview } from './use-overview.ts';

const COLUMNS = [
  { name: 'Endpoint' },
  { name: 'GPU' },
  { name: 'State' },
  { name: 'Last activity', figures: true },
  { name: 'Running', figures: true },
  { name: 'Attempts', figures: true },
  { name: 'Lost', figures: true },
  { name: 'GPU time', figures: true },
  { name: 'Est. cost', figures: true },
];

type Endpoint = Overview['endpoints'][number];

const WARMTHS = {
  unknown: [Snowflake, 'text-quiet'],
  cold: [Snowflake, 'text-quiet'],
  warming: [Hourglass, 'text-waking'],
  warm: [Flame, 'text-done'],
} as const;

/** Only this follows the clock, so that the table does not re-render each second. */
function State({ endpoint: { enabled, restsUntil, closedUntil, busyUntil, warmth } }: { endpoint: Endpoint }) {
  const now = onServerClock(useNow());
  if (!enabled)
    return (
      <StatusLabel icon={CircleSlash} iconClass="text-quiet">
        Off
      </StatusLabel>
    );
  if (closedUntil !== null || restsUntil !== null)
    return (
      <StatusLabel icon={Moon} iconClass="text-failed">
        {closedUntil === null
          ? `Cooling down for ${clock(Date.parse(restsUntil ?? '') - now)}`
          : `Paused until ${timeOfDay(closedUntil)}`}
      </StatusLabel>
    );
  if (busyUntil !== null)
    return (
      <StatusLabel icon={Hourglass} iconClass="text-waking">
        {`Busy for ${clock(Date.parse(busyUntil) - now)}`}
      </StatusLabel>
    );
  const [icon, iconClass] = WARMTHS[warmth.state];
  return (
    <StatusLabel icon={icon} iconClass={iconClass}>
      {warmStateWords(warmth, now)}
    </StatusLabel>
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
                <State endpoint={endpoint} />
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
                  <span className="text-quiet">—</span>
                )}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

const seen = ({ warmth: { lastLife } }: Endpoint, now: string): string =>
  lastLife === null ? '' : ago(new Date(lastLife), new Date(now));
