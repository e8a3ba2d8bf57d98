import { Ban, Columns2, Download, Heart, Presentation, Trash2, Undo2, X } from 'lucide-react';
import { counted } from '#src/domain/measures.ts';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { Stars } from './stars.tsx';
import { MAX_COMPARED, type ResultAction } from './use-result-actions.ts';

type SelectionBarProps = {
  ids: readonly string[];
  /** The trash is shown. */
  removed: boolean;
  onAction: (ids: readonly string[], what: ResultAction) => void;
  onCompare: (ids: readonly string[]) => void;
  onClear: () => void;
};

/** Actions on the selected results. It floats, so that nothing moves when it appears. */
export function SelectionBar({ ids, removed, onAction, onCompare, onClear }: SelectionBarProps) {
  const none = ids.length === 0;
  const act = (what: ResultAction) => () => onAction(ids, what);
  return (
    <section
      aria-label="Selected results"
      className="fixed inset-x-2 bottom-18 z-30 mx-auto flex w-fit max-w-[calc(100%-16px)] animate-arrive flex-wrap items-center gap-x-1 gap-y-0 rounded border border-line bg-raised px-2 py-1 shadow-float sm:bottom-4"
    >
      <p role="status" className="px-1 font-semibold whitespace-nowrap tabular-nums">
        {none ? 'Select results' : `${counted(ids.length, 'result')} selected`}
      </p>
      <IconButton icon={X} label="Clear selection (Esc)" onClick={onClear} />
      {!none && (
        <>
          {!removed && (
            <>
              <IconButton icon={Heart} label="Favourite (F)" onClick={act('favourite')} />
              <Stars
                rating={0}
                of="all selected results"
                onRate={(stars) => onAction(ids, { stars })}
                className="h-8 w-6 text-quiet hover:text-text pointer-coarse:h-10 pointer-coarse:w-10"
              />
              <IconButton icon={Ban} label="Reject (X)" onClick={act('reject')} />
              <IconButton
                icon={Columns2}
                label={`Compare two to ${MAX_COMPARED} (C)`}
                disabled={ids.length < 2 || ids.length > MAX_COMPARED}
                onClick={() => onCompare(ids)}
              />
              <IconButton icon={Presentation} label="Show on or remove from the wall (W)" onClick={act('wall')} />
            </>
          )}
          <IconButton
            icon={Download}
            label={ids.length > 1 ? 'Download as zip (D)' : 'Download (D)'}
            onClick={act('download')}
          />
          {removed ? (
            <Button tone="quiet" icon={Undo2} onClick={act('restore')}>
              Restore
            </Button>
          ) : (
            <IconButton icon={Trash2} label="Move to trash (Delete)" onClick={act('trash')} />
          )}
        </>
      )}
    </section>
  );
}
