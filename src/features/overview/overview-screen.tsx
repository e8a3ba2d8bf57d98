'use client';

import dynamic from 'next/dynamic';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { failureOf } from '../api-client/failure.ts';
import { Endpoints } from './endpoints.tsx';
import { Findings } from './findings.tsx';
import { Monitoring } from './monitoring.tsx';
import { People } from './people.tsx';
import { Processes } from './processes.tsx';
import { TimelineTable } from './timeline-table.tsx';
import { Totals } from './totals.tsx';
import { type Period, useOverview } from './use-overview.ts';

const TimelinePlots = dynamic(() => loadPart(() => import('./timeline-plots.tsx')).then((file) => file.TimelinePlots), {
  ssr: false,
  loading: () => <div className="h-[504px]" />,
});

const PERIODS: readonly { value: Period; name: string }[] = [
  { value: 'class', name: 'This class' },
  { value: 'today', name: 'Today' },
];

export function OverviewScreen() {
  const { period, setPeriod, read, timeline } = useOverview();
  const { data } = read;
  return (
    <>
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-20 font-semibold">Overview</h1>
        <fieldset className="flex gap-4">
          <legend className="sr-only">Period:</legend>
          {PERIODS.map(({ value, name }) => (
            <label key={value} className="flex min-h-8 items-center gap-1.5 pointer-coarse:min-h-10">
              <input
                type="radio"
                name="period"
                checked={period === value}
                onChange={() => setPeriod(value)}
                className="size-4 accent-accent"
              />
              {name}
            </label>
          ))}
        </fieldset>
      </header>
      {read.error && !data && <p role="alert">{failureOf(read.error).sentence}</p>}
      {!data && !read.error && <p className="min-h-[80dvh] text-quiet">Loading …</p>}
      {data && (
        <>
          <Findings findings={data.findings} />
          <Totals overview={data} />
          <Endpoints overview={data} />
          <People overview={data} />
          {timeline && (
            <section aria-labelledby="timeline" className="flex flex-col gap-3">
              <h2 id="timeline" className="text-15 font-semibold">
                Recent hours
              </h2>
              <TimelinePlots timeline={timeline} />
              <TimelineTable timeline={timeline} />
            </section>
          )}
          <Processes />
          <Monitoring />
        </>
      )}
    </>
  );
}
