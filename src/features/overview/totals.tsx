import Link from 'next/link';
import type { ReactNode } from 'react';
import { FAILED_OF } from '#src/domain/health/class-findings.ts';
import { counted, fileSize } from '#src/domain/measures.ts';
import { boardAddress } from '../queue/board-filter.ts';
import { costWords, gpuWords, waitWords } from './overview-words.ts';
import type { Overview } from './use-overview.ts';

const LINK =
  'pointer-coarse:inline-block pointer-coarse:py-2.5 underline decoration-line underline-offset-2 hover:decoration-text';

const time = (iso: string): string => new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** The class in figures. */
export function Totals({ overview }: { overview: Overview }) {
  const { waits, failedByReason, rooms, unpricedMs, currency } = overview;
  return (
    <section aria-labelledby="figures" className="flex flex-col gap-3">
      <h2 id="figures" className="text-15 font-semibold">
        Since {time(overview.since)}
      </h2>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-4 lg:grid-cols-8">
        <Figure name="Online" value={`${overview.here} of ${overview.people.length}`} />
        <Figure name="Queued" value={overview.waiting} href={boardAddress({ state: 'waiting' })} />
        <Figure name="On GPUs" value={overview.onGpus} href={boardAddress({ state: 'on GPUs' })} />
        <Figure name="Done" value={overview.completed} href={boardAddress({ state: 'completed' })} />
        <Figure name="Failed" value={overview.failed} href={boardAddress({ state: 'failed' })} />
        <Figure name="Median wait" value={waitWords(waits.medianMs) || '–'}>
          {waits.worst && (
            <Link href={`/admin/jobs/${waits.worst.jobId}`} prefetch={false} className={LINK}>
              longest {waitWords(waits.worst.ms)}, {waits.worst.name}
            </Link>
          )}
        </Figure>
        <Figure name="GPU time (est.)" value={gpuWords(overview.gpuMs)} />
        <Figure name="Est. cost" value={costWords(overview, currency)} />
      </dl>
      {failedByReason.length > 0 && (
        <ul aria-label="Failed, by reason" className="flex flex-wrap gap-x-5 gap-y-1">
          {failedByReason.map(({ reason, count }) => (
            <li key={reason}>
              <Link href={boardAddress({ state: 'failed', reason })} prefetch={false} className={LINK}>
                {counted(count, 'job')} failed: {FAILED_OF[reason]}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <p className="text-quiet">
        {overview.cancelled > 0 && `${counted(overview.cancelled, 'job')} cancelled. `}
        {`Free: ${rooms.map(({ what, free }) => `${what} ${free === null ? 'unknown' : fileSize(free)}`).join(', ')}. `}
        GPU time counts rendering only. The platform also bills start-up and idle time.
        {unpricedMs > 0 && ` ${gpuWords(unpricedMs)} ran on endpoints without a price and is not included in the cost.`}
      </p>
    </section>
  );
}

function Figure({
  name,
  value,
  href,
  children,
}: {
  name: string;
  value: string | number;
  href?: string;
  children?: ReactNode;
}) {
  return (
    <div>
      <dt className="text-12 text-quiet">{name}</dt>
      <dd>
        <span className="block text-20 font-semibold tabular-nums">
          {href === undefined ? (
            value
          ) : (
            <Link
              href={href}
              prefetch={false}
              className="inline-block hover:underline pointer-coarse:min-h-10 pointer-coarse:min-w-10"
            >
              {value}
            </Link>
          )}
        </span>
        {children && <span className="block text-12 text-quiet">{children}</span>}
      </dd>
    </div>
  );
}
