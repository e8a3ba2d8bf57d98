import { Ban, Bookmark, Dices, Grid2x2, Heart, PenLine, Presentation, Trash2, Undo2 } from 'lucide-react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { Stars } from '../results/actions/stars.tsx';
import { useResultActions } from '../results/actions/use-result-actions.ts';
import { REMOVE_FROM_WALL, SHOW_ON_WALL } from '../results/actions/wall-action.ts';
import { Control } from './control.tsx';

type MarkBarProps = { result: ResultView; onMoveToTrash: () => void; className?: string };

/** Favourite, stars, reject, class wall and trash, for one result; Keep for a preview; and what to make of it next. */
export function MarkBar({ result, onMoveToTrash, className }: MarkBarProps) {
  const apply = useResultActions();
  const { id, filename, favourite, rating, rejected, onWall, removedAt, preview } = result;
  return (
    <div className={join('flex flex-wrap gap-1 scheme-dark', className)}>
      {preview ? (
        removedAt === null && (
          <button
            type="button"
            onClick={() => apply([id], 'keep')}
            className="inline-flex h-10 items-center gap-2 rounded bg-black/60 px-3 font-semibold text-white hover:bg-black/85"
          >
            <Bookmark size={20} aria-hidden />
            Keep
          </button>
        )
      ) : (
        <>
          <Control
            icon={Heart}
            label="Favourite (F)"
            aria-pressed={favourite}
            onClick={() => apply([id], 'favourite')}
            iconClass={join(favourite && 'fill-current')}
          />
          <span className="inline-flex rounded bg-black/60 text-white">
            <Stars
              rating={rating}
              of={filename}
              onRate={(stars) => apply([id], { stars })}
              className="h-10 w-7 pointer-coarse:w-10"
            />
          </span>
          <Control icon={Ban} label="Reject (X)" aria-pressed={rejected} onClick={() => apply([id], 'reject')} />
          {removedAt === null && (
            <Control
              icon={Presentation}
              label={`${onWall ? REMOVE_FROM_WALL : SHOW_ON_WALL} (W)`}
              aria-pressed={onWall}
              onClick={() => apply([id], 'wall')}
            />
          )}
        </>
      )}
      <Control
        icon={removedAt === null ? Trash2 : Undo2}
        label={removedAt === null ? 'Move to trash (Delete)' : 'Restore (Delete)'}
        onClick={onMoveToTrash}
      />
      <span className="inline-flex gap-1 sm:pl-4">
        <Control icon={PenLine} label="Edit and run (E)" onClick={() => apply([id], 'edit')} />
        <Control icon={Dices} label="New seed (N)" onClick={() => apply([id], 'newSeed')} />
        <Control icon={Grid2x2} label="Vary ×4 (V)" onClick={() => apply([id], 'vary')} />
      </span>
    </div>
  );
}
