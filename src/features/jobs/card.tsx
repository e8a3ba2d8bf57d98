import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { join } from '#src/ui/join.ts';

type CardProps = {
  title: string;
  icon: LucideIcon;
  /** Class names of the icon: its colour and animation. */
  iconClass: string;
  words: string;
  /** A secondary line under the words. Null keeps its space; leave it out to collapse it. */
  aside?: string | null;
  /** Explains the words; left out where `lines` lists node errors. */
  detail: string | null;
  lines?: readonly string[];
  /** Shown under the words. */
  body?: ReactNode;
  /** What to do. */
  advice?: string | undefined;
  /** Behind "Details". */
  more?: readonly string[];
  corner?: ReactNode;
  /** Overlaid at the lower edge. */
  edge?: ReactNode;
  actions?: ReactNode;
  leaving?: 'soon' | 'late' | false;
  onLeft?: () => void;
};

const LINES_SHOWN = 3;

export function Card({
  title,
  icon: Icon,
  iconClass,
  words,
  aside,
  detail,
  lines = [],
  body,
  advice,
  more = [],
  corner,
  edge,
  actions,
  leaving,
  onLeft,
}: CardProps) {
  return (
    <li
      aria-label={title}
      onAnimationEnd={(event) => event.animationName === 'leave' && onLeft?.()}
      className={join(
        'relative flex min-w-0 flex-col gap-2 overflow-hidden rounded border border-line bg-panel p-3',
        leaving === 'soon' && 'animate-leave',
        leaving === 'late' && 'animate-leave-late',
      )}
    >
      <div className="flex items-start gap-2">
        <Icon size={20} aria-hidden className={join('mt-0.5 shrink-0', iconClass)} />
        <div className="min-w-0 grow">
          <h3 className="truncate text-13 font-semibold" title={title}>
            {title}
          </h3>
          <p className="tabular-nums">{words}</p>
        </div>
        {corner}
      </div>
      {aside !== undefined && (
        <p className="-mt-2 min-h-5 truncate pl-7 text-quiet tabular-nums" title={aside ?? undefined}>
          {aside}
        </p>
      )}
      {detail && lines.length === 0 && <p className="text-quiet">{detail}</p>}
      {lines.length > 0 && (
        <ul className="flex flex-col gap-1 border-l-2 border-failed pl-2">
          {lines.slice(0, LINES_SHOWN).map((line) => (
            <li key={line}>{line}</li>
          ))}
          {lines.length > LINES_SHOWN && <li className="text-quiet">and {lines.length - LINES_SHOWN} more</li>}
        </ul>
      )}
      {body}
      {advice && <p className="text-quiet">{advice}</p>}
      {more.length > 0 && (
        <details className="text-quiet">
          <summary>Details</summary>
          {more.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </details>
      )}
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      {edge}
    </li>
  );
}
