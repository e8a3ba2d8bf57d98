import type { ReactNode } from 'react';
import { join } from '#src/ui/join.ts';
import type { Sign } from './job-sign.ts';

/** Around rows: their columns are aligned. On a phone the state is below the title, and each row has its own. */
export const ROWS =
  'overflow-hidden rounded border border-line bg-panel empty:hidden sm:grid sm:grid-cols-[auto_minmax(0,1fr)_minmax(0,1fr)_68px_auto]';

type RowProps = Sign & {
  /** The accessible name; the title is shown. */
  label: string;
  title: string;
  promptSnippet?: string | null;
  words: string;
  /** Beside the words; on a phone below them. */
  when?: string;
  /** A secondary line under the words. */
  aside: string | null;
  /** A thumbnail. */
  media?: ReactNode;
  actions?: ReactNode;
  /** Below, over the whole width. */
  body?: ReactNode;
  /** Along the lower edge. */
  edge?: ReactNode;
  leaving?: 'soon' | 'late' | undefined;
  onLeft?: () => void;
};

/** One job of a list, in two lines. */
export function Row({ icon: Icon, iconClass, label, title, promptSnippet, words, when, aside, ...row }: RowProps) {
  const { media, actions, body, edge, leaving, onLeft } = row;
  return (
    <li
      aria-label={label}
      onAnimationEnd={(event) => event.animationName === 'leave' && onLeft?.()}
      className={join(
        'relative col-span-full grid grid-cols-[auto_minmax(0,1fr)_auto_auto] items-center sm:grid-cols-subgrid px-3 py-1.5 shadow-[0_1px_var(--color-line)]',
        leaving === 'soon' && 'animate-leave',
        leaving === 'late' && 'animate-leave-late',
      )}
    >
      <Icon size={20} aria-hidden className={join('mr-3 max-sm:row-span-2', iconClass)} />
      <div className="flex min-w-0 gap-x-2 sm:mr-4 sm:flex-col">
        <p
          className={join('truncate text-13 font-semibold', !!promptSnippet && 'max-sm:max-w-3/5 max-sm:shrink-0')}
          title={title}
        >
          {title}
        </p>
        {promptSnippet && (
          <p className="truncate text-quiet" title={promptSnippet}>
            {promptSnippet}
          </p>
        )}
      </div>
      <div className="min-w-0 tabular-nums max-sm:col-start-2 max-sm:row-start-2 max-sm:flex max-sm:flex-wrap max-sm:gap-x-2">
        <p className="truncate" title={words}>
          {words}
          {when && <span className="text-quiet max-sm:hidden"> · {when}</span>}
        </p>
        <p className="min-h-5 truncate text-quiet max-sm:empty:hidden" title={aside ?? undefined}>
          {when && <span className="sm:hidden">{aside ? `${when} · ` : when}</span>}
          {aside}
        </p>
      </div>
      <div className="flex justify-end not-empty:pl-3 max-sm:col-start-3 max-sm:row-span-2 max-sm:row-start-1">
        {media}
      </div>
      <div className="flex min-h-10 items-center justify-end gap-1 not-empty:pl-3 max-sm:col-start-4 max-sm:row-span-2 max-sm:row-start-1">
        {actions}
      </div>
      {body && (
        <div className="col-start-2 -col-end-1 flex min-w-0 flex-col items-start gap-2 pt-1 pb-2 empty:hidden">
          {body}
        </div>
      )}
      {edge && <div className="absolute inset-x-0 bottom-0 h-0.5">{edge}</div>}
    </li>
  );
}
