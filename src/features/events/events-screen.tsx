'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { saveText } from '#src/ui/browser/save-text.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Pick } from '#src/ui/forms/filter-controls.tsx';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { moment } from '#src/ui/time/moment.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { type AuditEventView, auditAsCsv } from './event-export.ts';
import { beginOf, SPAN_OPTIONS } from './event-times.ts';
import { actorWords, detailOf, eventWords, typesOf } from './event-words.ts';

const COLUMNS = [{ name: 'When' }, { name: 'Who' }, { name: 'What' }];
const SYSTEM = { value: 'system', name: 'System' };
const PAGE = 200;
const MAX_EXPORTED = 20_000;

/** Everything that operators and the system did. */
export function EventsScreen() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const now = new Date(useNow());
  const [typed, setTyped] = useState('');
  const [actorId, setActorId] = useState<string | null>(null);
  const [span, setSpan] = useState<string | null>(null);
  const [from, setFrom] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const words = useDeferredValue(typed.trim());
  const filter = {
    words: words === '' ? null : words,
    types: words === '' ? [] : typesOf(words),
    detail: words === '' ? null : detailOf(words),
    actorId,
    from,
  };
  const actors = useQuery(trpc.admin.events.actors.queryOptions());
  const events = useInfiniteQuery(
    trpc.admin.events.list.infiniteQueryOptions(filter, {
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  );
  const auditEvents = events.data?.pages.flatMap((page) => page.items);

  async function readAll(): Promise<AuditEventView[]> {
    const all: AuditEventView[] = [];
    for (let cursor: number | null = null; all.length < MAX_EXPORTED; ) {
      const page: { items: AuditEventView[]; nextCursor: number | null } = await client.admin.events.list.query({
        ...filter,
        limit: PAGE,
        cursor,
      });
      all.push(...page.items);
      if (page.nextCursor === null) return all;
      cursor = page.nextCursor;
    }
    return all;
  }
  async function save(as: 'csv' | 'json'): Promise<void> {
    setSaving(true);
    try {
      const all = await readAll();
      if (as === 'csv') saveText('events.csv', 'text/csv;charset=utf-8', await auditAsCsv(all));
      else saveText('events.json', 'application/json', JSON.stringify(all, null, 2));
    } catch (error) {
      notifyFailure(failureOf(error).sentence);
    }
    setSaving(false);
  }

  return (
    <>
      <h1 className="text-20 font-semibold">Events</h1>
      <div className="flex flex-col gap-3">
        <search aria-label="Events" className="flex flex-wrap items-center gap-2">
          <SearchField label="Search" value={typed} onChange={setTyped} />
          <Pick
            label="Who"
            all="Everyone"
            value={actorId}
            options={[SYSTEM, ...(actors.data ?? []).map(({ id, name }) => ({ value: id, name }))]}
            onPick={setActorId}
          />
          <Pick
            label="When"
            all="Any time"
            value={span}
            options={SPAN_OPTIONS}
            onPick={(value) => {
              setSpan(value);
              setFrom(beginOf(value, onServerClock(Date.now())));
            }}
          />
          <Button icon={Download} disabled={saving} onClick={() => void save('csv')}>
            CSV
          </Button>
          <Button icon={Download} disabled={saving} onClick={() => void save('json')}>
            JSON
          </Button>
        </search>
        {events.isError && <p role="alert">{failureOf(events.error).sentence}</p>}
        {events.isPending && <div aria-hidden className="h-96 rounded border border-line bg-panel" />}
        {auditEvents?.length === 0 && <p className="text-quiet">No matching events.</p>}
        {auditEvents && auditEvents.length > 0 && (
          <Table label="Events" columns={COLUMNS}>
            {auditEvents.map((event) => (
              <tr key={event.id}>
                <Cell>
                  <time dateTime={event.at} className="text-quiet tabular-nums">
                    {moment(new Date(event.at), now)}
                  </time>
                </Cell>
                <Cell>{event.actor ? actorWords(event) : <span className="text-quiet">System</span>}</Cell>
                <Cell>
                  <span title={event.type}>{eventWords(event)}</span>
                </Cell>
              </tr>
            ))}
          </Table>
        )}
        {events.hasNextPage && (
          <Button
            className="self-start"
            disabled={events.isFetchingNextPage}
            onClick={() => void events.fetchNextPage()}
          >
            Show older
          </Button>
        )}
      </div>
    </>
  );
}
