'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Expand, Pause, Play, UserRound, UserRoundX, X } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { WallView } from '#src/api/views.ts';
import { useIdle } from '#src/ui/browser/use-idle.ts';
import { useKeys } from '#src/ui/browser/use-keys.ts';
import { IconButton, iconClass } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { ProjectorBanner } from '../announce/projector-banner.tsx';
import { useTRPC } from '../api-client/trpc.ts';
import { LiveProvider, useAway } from '../live/live-provider.tsx';
import { Slide } from './slide.tsx';
import { useNames } from './use-names.ts';
import { type Seen, useShow } from './use-show.ts';
import { useWakeLock } from './use-wake-lock.ts';

const NEWEST = { limit: 200 };
const IDLE_MS = 3000;

const isSeen = (item: WallView): item is Seen => item.url !== null;

const toggleFullScreen = (): void => {
  // Refused by the browser: nothing changes.
  void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(
    () => undefined,
  );
};

/** The wall on the projector: one result after another, on black. */
export function ProjectorScreen() {
  return (
    <LiveProvider>
      <Show />
    </LiveProvider>
  );
}

function Show() {
  const trpc = useTRPC();
  const router = useRouter();
  const at = useSearchParams().get('at');
  const wall = useQuery(trpc.wall.list.queryOptions(NEWEST));
  const items = wall.data?.items.filter(isSeen) ?? [];
  const names = useNames();
  // An opened picture stays, and so does everything with reduced motion.
  const [plays] = useState(
    () =>
      at === null && typeof window !== 'undefined' && !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  );
  const show = useShow(items, at, plays);
  const idle = useIdle(IDLE_MS);
  const away = useAway();
  useWakeLock();
  const toggleNames = (): void => names?.set(!(wall.data?.names ?? false));
  useKeys({
    ' ': show.toggle,
    arrowleft: show.previous,
    arrowright: show.next,
    f: toggleFullScreen,
    n: toggleNames,
    escape: () => router.push('/wall'),
  });

  useEffect(() => {
    const { style } = document.documentElement;
    style.background = '#000';
    return () => {
      style.background = '';
    };
  }, []);

  const control = 'text-white hover:bg-white/20 hover:text-white size-10';
  return (
    <main className={join('fixed inset-0 overflow-hidden bg-black text-white', idle && 'cursor-none')}>
      <h1 className="sr-only">Projector view of the wall</h1>
      {show.layers.map(({ key, item, isReady }, index) => (
        <Slide
          key={key}
          item={item}
          isShown={isReady && (index === show.layers.length - 1 || !show.layers.at(-1)?.isReady)}
          isPlaying={show.isPlaying}
          onReady={() => show.ready(key)}
          onFailed={() => show.failed(item.id)}
        />
      ))}
      <ProjectorBanner />
      {wall.data && items.length === 0 && (
        <p className="absolute inset-0 flex items-center justify-center p-6 text-center text-28 text-white/70">
          Nothing on the wall yet. New results appear automatically.
        </p>
      )}
      {away && (
        <p role="status" className="absolute top-6 left-6 rounded bg-black/60 px-3 py-1 text-white/70">
          Live updates are off, reconnecting.
        </p>
      )}
      {show.current?.name && (
        <p className="absolute bottom-20 left-6 max-w-[calc(100%-48px)] truncate sm:bottom-6 sm:max-w-[50%] rounded bg-black/60 px-3 py-1 text-20">
          {show.current.name}
        </p>
      )}
      <div
        role="toolbar"
        aria-label="Projector"
        className={join(
          'absolute right-6 bottom-6 flex gap-1 rounded bg-black/60 p-1 transition-opacity',
          idle ? 'opacity-0' : 'opacity-100',
        )}
      >
        <IconButton icon={ChevronLeft} label="Newer (←)" className={control} onClick={show.previous} />
        <IconButton
          icon={show.isPlaying ? Pause : Play}
          label={show.isPlaying ? 'Pause (Space)' : 'Play (Space)'}
          className={control}
          onClick={show.toggle}
        />
        <IconButton icon={ChevronRight} label="Older (→)" className={control} onClick={show.next} />
        {names && (
          <IconButton
            icon={wall.data?.names ? UserRound : UserRoundX}
            label={wall.data?.names ? 'Hide names (N)' : 'Show names (N)'}
            className={control}
            onClick={toggleNames}
          />
        )}
        <IconButton icon={Expand} label="Full screen (F)" className={control} onClick={toggleFullScreen} />
        <Link href="/wall" prefetch={false} aria-label="Close" title="Close (Esc)" className={iconClass(control)}>
          <X size={16} aria-hidden />
        </Link>
      </div>
    </main>
  );
}
