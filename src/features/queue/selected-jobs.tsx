import { ArrowUpToLine, RotateCcw, Undo2, X } from 'lucide-react';
import { counted } from '#src/domain/measures.ts';
import { useKeys } from '#src/ui/browser/use-keys.ts';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import type { JobActions } from './use-job-actions.ts';

type SelectedJobsProps = { ids: readonly string[]; actions: JobActions; onClear: () => void };

/** Actions on the selected jobs. It floats, so that nothing moves when it appears. */
export function SelectedJobs({ ids, actions, onClear }: SelectedJobsProps) {
  useKeys({ escape: onClear });
  const act = (action: (ids: readonly string[]) => void) => () => {
    action(ids);
    onClear();
  };
  return (
    <section
      aria-label="Selected jobs"
      className="fixed inset-x-2 bottom-18 z-30 mx-auto flex w-fit max-w-[calc(100%-16px)] animate-arrive flex-wrap items-center gap-x-1 rounded border border-line bg-raised px-2 py-1 shadow-float sm:bottom-4"
    >
      <p role="status" className="px-1 font-semibold whitespace-nowrap tabular-nums">
        {counted(ids.length, 'job')} selected
      </p>
      <IconButton icon={X} label="Clear selection (Esc)" onClick={onClear} />
      <Button tone="quiet" icon={ArrowUpToLine} onClick={act(actions.toFront)}>
        Move to front
      </Button>
      <Button tone="quiet" icon={Undo2} onClick={act(actions.toNormal)}>
        Normal priority
      </Button>
      <Button tone="quiet" icon={RotateCcw} onClick={act(actions.retry)}>
        Run again
      </Button>
      <Button tone="quiet" icon={X} onClick={act(actions.cancel)}>
        Cancel
      </Button>
    </section>
  );
}
