import { Check, Layers } from 'lucide-react';
import { memo, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { onServerClock } from '../../api-client/server-clock.ts';
import { ActionStrip } from '../actions/action-strip.tsx';
import type { TileRow } from '../layout/layout.ts';
import { CornerButtons } from './corner-buttons.tsx';
import { FileBadges } from './file-badges.tsx';
import { MarkBadges } from './mark-badges.tsx';
import { CORNER, type TileAction } from './tile-action.ts';
import { TileContent, TileDuration } from './tile-content.tsx';
import { tileName } from './tile-name.ts';
import { useLongPress } from './use-long-press.ts';

export const tileId = (resultId: string): string => `result-${resultId}`;

/** Arrivals newer than this fade in. */
const NEW_MS = 4000;
/** The minimum width for stars, Reject and Move to trash; in narrower tiles they are behind "More". */
const STRIP_WIDTH = 184;
const STRIP_WIDTH_WITH_COUNT = 236;

type TileProps = {
  tile: TileRow['tiles'][number];
  height: number;
  result: ResultView | undefined;
  /** The tab stop of the grid. */
  active: boolean;
  selected: boolean;
  /** Something is selected: a press selects more instead of opening. */
  selecting: boolean;
  onAction: (action: TileAction) => void;
};

export const Tile = memo(function Tile({ tile, height, result, active, selected, selecting, onAction }: TileProps) {
  const { entry, stack, take, width } = tile;
  const [isNew] = useState(() => onServerClock(Date.now()) - entry.at < NEW_MS);
  const longPress = useLongPress(() => onAction({ type: 'select', tile, how: 'toggle' }));
  if (!result) return <div style={{ width, height }} className="shrink-0 rounded bg-panel" />;

  const { id, kind, filename, title } = result;
  const piled = stack.takes.length > 1;
  const takes = stack.takes.length;
  const tab = active ? 0 : -1;
  const marked = !result.preview;
  const strip = width >= (piled ? STRIP_WIDTH_WITH_COUNT : STRIP_WIDTH);
  return (
    <div
      data-tile={id}
      style={{ width, height }}
      className={join(
        'group/tile relative shrink-0 rounded',
        isNew && 'animate-arrive',
        selected &&
          'after:pointer-events-none after:absolute after:inset-0 after:rounded after:border-3 after:border-accent',
      )}
    >
      <a
        id={tileId(id)}
        href={`/?result=${encodeURIComponent(id)}`}
        aria-label={tileName(
          result,
          piled ? (take === 0 ? `, one of ${takes} takes` : `, take ${take} of ${takes}`) : '',
        )}
        aria-description={result.prompt ?? undefined}
        data-result={id}
        tabIndex={tab}
        {...longPress}
        onFocus={() => onAction({ type: 'focus', tile })}
        onClick={(event) => {
          event.preventDefault();
          if (event.shiftKey) onAction({ type: 'select', tile, how: 'range' });
          else if (event.ctrlKey || event.metaKey || selecting) onAction({ type: 'select', tile, how: 'toggle' });
          else onAction({ type: 'open', tile });
        }}
        className={join(
          'relative block size-full overflow-hidden rounded bg-raised -outline-offset-2 select-none [-webkit-touch-callout:none]',
          result.rejected && '[&>*]:opacity-40',
        )}
      >
        <TileContent result={result} />
      </a>
      {piled && take > 0 && take > 1 && (
        <span aria-hidden className="absolute -bottom-1 left-0 h-0.5 w-[calc(100%+8px)] bg-quiet" />
      )}
      {piled && take === 1 && <span aria-hidden className="absolute -bottom-1 left-0 h-0.5 w-full bg-quiet" />}
      <button
        type="button"
        aria-pressed={selected}
        aria-label={`Select ${filename}`}
        title="Select (Space)"
        tabIndex={tab}
        onClick={(event) => onAction({ type: 'select', tile, how: event.shiftKey ? 'range' : 'toggle' })}
        className={join(
          'absolute top-1 left-1 z-10 inline-flex size-8 items-center justify-center rounded transition-opacity pointer-coarse:size-10',
          selected ? 'bg-accent text-on-accent' : CORNER,
          !selected && (selecting ? 'opacity-100' : 'pointer-coarse:hidden'),
        )}
      >
        {selected ? (
          <Check size={16} aria-hidden strokeWidth={3} />
        ) : (
          <span aria-hidden className="size-3.5 rounded-full border-2 border-white" />
        )}
      </button>
      <CornerButtons tile={tile} result={result} tab={tab} showDownload={strip} onAction={onAction} />
      <div className="pointer-events-none absolute inset-x-1 bottom-1 flex items-center gap-1 text-12 text-white tabular-nums *:pointer-events-auto">
        {piled && (
          <button
            type="button"
            aria-expanded={take > 0}
            aria-label={take > 0 ? `Close the stack of ${title}` : `Show the ${takes} takes of ${title}`}
            title={take > 0 ? 'Close the stack (T)' : 'Show all takes (T)'}
            tabIndex={tab}
            onClick={() => onAction({ type: 'stack', tile })}
            className="inline-flex h-8 min-w-8 items-center justify-center gap-1 rounded bg-black/60 px-1.5 hover:bg-black/80 pointer-coarse:h-10 pointer-coarse:min-w-10"
          >
            <Layers size={14} aria-hidden />
            {take > 0 ? `${take}/${takes}` : takes}
          </button>
        )}
        <FileBadges result={result} />
        <MarkBadges
          result={result}
          className={join(strip && 'pointer-fine:group-hover/tile:hidden pointer-fine:group-focus-within/tile:hidden')}
        />
        {strip && marked && (
          <ActionStrip
            result={result}
            tabIndex={tab}
            onAction={(what) => onAction({ type: 'apply', tile, what })}
            className="hidden pointer-fine:group-focus-within/tile:flex pointer-fine:group-hover/tile:flex"
          />
        )}
        <span className="grow" />
        {kind === 'video' && (
          <TileDuration
            result={result}
            className={join(
              strip && 'pointer-fine:group-hover/tile:hidden pointer-fine:group-focus-within/tile:hidden',
            )}
          />
        )}
      </div>
    </div>
  );
});
