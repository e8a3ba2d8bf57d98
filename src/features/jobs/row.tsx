import type { ReactNode } from 'react';
import { join } from '#src/ui/join.ts';
import { InputThumb } from './input-thumb.tsx';
import type { Sign } from './job-sign.ts';
import type { Job } from './jobs-cache.ts';

/** Around rows: their columns are aligned. On a phone the state is below the title. */
export const ROWS =
  'grid grid-cols-[auto_auto_minmax(0,1fr)_auto] overflow-hidden rounded border border-line bg-panel empty:hidden sm:grid-cols-[auto_auto_minmax(0,1fr)_minmax(0,1fr)_auto]';

type RowProps = Sign & {
  /** The accessible name; the title is shown. */
  label: string;
  title: string;
  promptSnippet?: string | null;
  input?: Job['input'];
  words: string;
  /** A secondary line under the words. Null keeps its space. */
  aside: string | null;
  actions?: ReactNode;
  /** Below, over the whole width. */
  body?: ReactNode;
  /** Overlaid at the lower edge. */
  edge?: ReactNode;
  leaving?: 'soon' | 'late' | undefined;
  onLeft?: () => void;
};

/** One job of the queue, in two lines. */
export function Row({ icon: Icon, iconClass, label, title, promptSnippet, input = null, ...row }: RowProps) {
  const { words, aside, actions, body, edge, leaving, onLeft } = row;
  return (
    <li
      aria-label={label}
      onAnimationEnd={(event) => event.animationName === 'leave' && onLeft?.()}
      className={join(
        'relative col-span-full grid grid-cols-subgrid items-center px-3 py-1.5 shadow-[0_1px_var(--color-line)]',
        leaving === 'soon' && 'animate-leave',
        leaving === 'late' && 'animate-leave-late',
      )}
    >
      <Icon size={20} aria-hidden className={join('mr-3 max-sm:row-span-2', iconClass)} />
      <div className="max-sm:row-span-2 not-empty:mr-3">
        <InputThumb input={input} />
      </div>
      <div className="flex min-w-0 gap-x-2 sm:mr-4 sm:flex-col">
        <h3
          className={join('truncate text-13 font-semibold', !!promptSnippet && 'max-sm:max-w-3/5 max-sm:shrink-0')}
          title={title}
        >
          {title}
        </h3>
        {promptSnippet && (
          <p className="truncate text-quiet" title={promptSnippet}>
            {promptSnippet}
          </p>
        )}
      </div>
      <div className="min-w-0 tabular-nums max-sm:col-start-3 max-sm:row-start-2 max-sm:flex max-sm:flex-wrap max-sm:gap-x-2 sm:mr-3">
        <p className="sm:truncate" title={words}>
          {words}
        </p>
        <p className="min-h-5 truncate text-quiet" title={aside ?? undefined}>
          {aside}
        </p>
      </div>
      <div className="flex min-h-10 items-center justify-end gap-1 max-sm:row-span-2 max-sm:row-start-1 max-sm:col-start-4">
        {actions}
      </div>
      {body && (
        <div className="col-start-2 -col-end-1 flex min-w-0 flex-col items-start gap-2 pt-1 pb-2 sm:col-start-3">
          {body}
        </div>
      )}
      {edge}
    </li>
  );
}
