import { Ban, Bookmark, Heart, Presentation, Trash2, Undo2 } from 'lucide-react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { Stars } from '../results/stars.tsx';
import { useJudge } from '../results/use-judge.ts';
import { Control } from './control.tsx';

type MarkBarProps = { result: ResultView; onTrash: () => void; className?: string };

/** Favourite, stars, reject, class wall and trash, for one result; Keep for a preview. */
export function MarkBar({ result, onTrash, className }: MarkBarProps) {
  const judge = useJudge();
  const { id, filename, favourite, rating, rejected, onWall, removedAt, preview } = result;
  return (
    <div className={join('flex flex-wrap gap-1 scheme-dark', className)}>
      {preview ? (
        removedAt === null && (
          <button
            type="button"
            onClick={() => judge([id], 'keep')}
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
            onClick={() => judge([id], 'favourite')}
            iconLook={join(favourite && 'fill-current')}
          />
          <span className="inline-flex rounded bg-black/60 text-white">
            <Stars
              rating={rating}
              of={filename}
              onRate={(stars) => judge([id], { stars })}
              className="h-10 w-7 pointer-coarse:w-10"
            />
          </span>
          <Control icon={Ban} label="Reject (X)" aria-pressed={rejected} onClick={() => judge([id], 'reject')} />
          {removedAt === null && (
            <Control
              icon={Presentation}
              label={onWall ? 'Remove from the class wall (W)' : 'Show on the class wall (W)'}
              aria-pressed={onWall}
              onClick={() => judge([id], 'wall')}
            />
          )}
        </>
      )}
      <Control
        icon={removedAt === null ? Trash2 : Undo2}
        label={removedAt === null ? 'Move to trash (Delete)' : 'Restore (Delete)'}
        onClick={onTrash}
      />
    </div>
  );
}
