import { Ban, Trash2, Undo2 } from 'lucide-react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { Stars } from './stars.tsx';
import type { ResultAction } from './use-result-actions.ts';

type ActionStripProps = {
  result: ResultView;
  tabIndex: number;
  className: string;
  onAction: (what: ResultAction) => void;
};

/** Stars, Reject and Move to trash in one row over a picture. */
export function ActionStrip({ result, tabIndex, className, onAction }: ActionStripProps) {
  const away = result.removedAt !== null;
  return (
    <span className={join('h-8 items-center rounded bg-black/60', className)}>
      <Stars
        rating={result.rating}
        of={result.filename}
        tabIndex={tabIndex}
        onRate={(stars) => onAction({ stars })}
        className="h-8 w-[22px]"
      />
      <button
        type="button"
        aria-pressed={result.rejected}
        aria-label={`Reject ${result.filename}`}
        title="Reject (X)"
        tabIndex={tabIndex}
        onClick={() => onAction('reject')}
        className={join(BUTTON, result.rejected && 'bg-white/25')}
      >
        <Ban size={16} aria-hidden />
      </button>
      <button
        type="button"
        aria-label={away ? `Restore ${result.filename}` : `Move ${result.filename} to trash`}
        title={away ? 'Restore' : 'Move to trash (Delete)'}
        tabIndex={tabIndex}
        onClick={() => onAction(away ? 'restore' : 'trash')}
        className={BUTTON}
      >
        {away ? <Undo2 size={16} aria-hidden /> : <Trash2 size={16} aria-hidden />}
      </button>
    </span>
  );
}

const BUTTON = 'inline-flex h-8 w-7 items-center justify-center rounded hover:bg-white/20';
