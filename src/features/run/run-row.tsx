import { Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { useQueueState } from '../jobs/jobs-cache.ts';
import { QueueNote } from './queue-note.tsx';
import type { Run } from './use-run.ts';

type RunRowProps = {
  run: Run;
  isReady: boolean;
  onRun: () => void;
  /** Further buttons. */
  children?: ReactNode;
};

/** Whether the teacher accepts jobs just now. As long as that is not known, they do. */
export const useAcceptsJobs = (): boolean => useQueueState()?.intakeOpen ?? true;

/** Run, and beside it the state of the queue, or why the job was rejected. */
export function RunRow({ run, isReady, onRun, children }: RunRowProps) {
  const isOpen = useAcceptsJobs();
  return (
    <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
      <div className="min-w-0 grow basis-60">
        <p role="alert" className="text-failed empty:hidden">
          {isOpen && run.why}
        </p>
        {(run.why === null || !isOpen) && <QueueNote />}
      </div>
      {children}
      <Button
        data-run
        tone="accent"
        icon={Play}
        disabled={!isReady || !isOpen}
        aria-disabled={run.isSending}
        onClick={onRun}
      >
        Run
      </Button>
    </div>
  );
}
