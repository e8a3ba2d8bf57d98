'use client';

import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Images, Presentation } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { WallView } from '#src/api/views.ts';
import { useWidth } from '#src/ui/browser/use-width.ts';
import { Button, buttonClass } from '#src/ui/buttons/button.tsx';
import { CheckField } from '#src/ui/forms/field.tsx';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { SHOW_ON_WALL } from '../results/actions/wall-action.ts';
import { justifyUpwards } from '../results/layout/justify.ts';
import { useMe } from '../session/use-me.ts';
import { useNames } from './use-names.ts';
import { CAPTION_HEIGHT, WallTile } from './wall-tile.tsx';

const PAGE = { limit: 200 };
const GAP = 8;
const NARROW = 600;
const NOTHING: ReadonlySet<string> = new Set();

/** The class wall, newest first. */
export function WallScreen() {
  const trpc = useTRPC();
  const names = useNames();
  const wall = useInfiniteQuery(
    trpc.wall.list.infiniteQueryOptions(PAGE, { getNextPageParam: (page) => page.nextCursor }),
  );
  const { hidden, takeDown } = useTakeDown();
  const pages = wall.data?.pages;
  const items = pages?.flatMap((page) => page.items).filter(({ id }) => !hidden.has(id));
  const shown = pages?.at(0)?.names;

  return (
    <main className="flex grow flex-col gap-6 p-4 sm:p-6">
      <header className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <div className="grow">
          <h1 className="text-20 font-semibold">Wall</h1>
          <p className="text-quiet">Results shared by the class. Everyone who is signed in can see them.</p>
        </div>
        {names && shown !== undefined && (
          <CheckField
            label="Names"
            hint="Show owners’ names to everyone."
            checked={shown}
            disabled={names.isPending}
            onChange={(event) => names.set(event.currentTarget.checked)}
          />
        )}
        <Link href="/wall/projector" prefetch={false} className={buttonClass('plain')}>
          <Presentation size={16} aria-hidden />
          Projector
        </Link>
      </header>
      {wall.isError && !items && <p role="alert">{failureOf(wall.error).sentence}</p>}
      {items?.length === 0 && <Empty />}
      {(items === undefined || items.length > 0) && <Grid items={items ?? []} onTakeDown={takeDown} />}
      {wall.hasNextPage && (
        <Button className="self-center" disabled={wall.isFetchingNextPage} onClick={() => void wall.fetchNextPage()}>
          Show older
        </Button>
      )}
    </main>
  );
}

/** Removed at once; owners can undo it while the message is shown. */
function useTakeDown() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const show = (id: string): void => setHidden((ids) => new Set([...ids].filter((each) => each !== id)));
  const refresh = () => queryClient.invalidateQueries(trpc.wall.pathFilter());
  const fail = (error: unknown): void => notifyFailure(failureOf(error).sentence);
  const hang = useMutation(trpc.results.hang.mutationOptions({ onSettled: refresh, onError: fail }));
  const down = useMutation(
    trpc.wall.takeDown.mutationOptions({
      onError: fail,
      // From now on the server's state applies: it may reappear.
      onSettled: async (_, __, { id }) => {
        await refresh();
        show(id);
      },
    }),
  );
  const takeDown = ({ id, mine }: WallView): void => {
    setHidden((ids) => new Set([...ids, id]));
    down.mutate(
      { id },
      {
        onSuccess: () => {
          if (!mine) return notify('Removed from the wall. Its owner can show it again.');
          notify('Removed from the wall. Only you can see it now.', {
            label: 'Undo',
            onClick: () => hang.mutate({ ids: [id], onWall: true }),
          });
        },
      },
    );
  };
  return { hidden, takeDown };
}

/** Present when the page was opened: only later arrivals fade in. */
function useFirst(items: readonly WallView[]): ReadonlySet<string> {
  const [first, setFirst] = useState<ReadonlySet<string> | null>(null);
  if (first !== null || items.length === 0) return first ?? NOTHING;
  const ids = new Set(items.map(({ id }) => id));
  setFirst(ids);
  return ids;
}

function Grid({ items, onTakeDown }: { items: readonly WallView[]; onTakeDown: (item: WallView) => void }) {
  const me = useMe();
  const [measure, width] = useWidth();
  const first = useFirst(items);
  const target = width < NARROW ? 160 : 280;
  const proportions = items.map((item) => (item.width && item.height ? item.width / item.height : 1.5));
  let at = 0;
  const rows = width === 0 ? [] : justifyUpwards(proportions, { width, target, gap: GAP });
  return (
    <section ref={measure} aria-label="On the wall" className="flex flex-col gap-2">
      {rows.map((row) => {
        const from = at;
        at += row.widths.length;
        const inRow = items.slice(from, at);
        return (
          <div
            key={inRow.at(-1)?.id}
            style={{ containIntrinsicHeight: row.height + CAPTION_HEIGHT }}
            className="flex gap-2 [content-visibility:auto]"
          >
            {inRow.map((item, index) => (
              <WallTile
                key={item.id}
                item={item}
                width={row.widths[index] ?? 0}
                height={row.height}
                isNew={!first.has(item.id)}
                onTakeDown={item.mine || me?.role === 'operator' ? () => onTakeDown(item) : null}
              />
            ))}
          </div>
        );
      })}
    </section>
  );
}

function Empty() {
  return (
    <div className="flex flex-col items-start gap-3 rounded border border-dashed border-line p-6">
      <p className="max-w-prose text-15">
        Nothing on the wall yet. To share a result, open it on Work and press “{SHOW_ON_WALL}”. You can remove it at any
        time.
      </p>
      <Link href="/" prefetch={false} className={buttonClass('plain')}>
        <Images size={16} aria-hidden />
        Go to your work
      </Link>
    </div>
  );
}
