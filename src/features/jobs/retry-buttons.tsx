import { RotateCcw } from 'lucide-react';
import { type QueueState, queueStateWords } from '#src/domain/messages/queue-words.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { useRetry } from './job-actions.ts';
import type { Job } from './jobs-cache.ts';

type RetryProps = {
  jobs: readonly Pick<Job, 'id' | 'title'>[];
  queue: QueueState;
  /** This job was queued again, as a new one. */
  onAgain: (id: string) => void;
  label?: string;
  /** On a phone only an icon. */
  small?: boolean;
  className?: string;
};

const cannotIn = (queue: QueueState) => (queue.intakeOpen ? {} : { title: queueStateWords(queue) ?? '' });

/** Runs the graphs of jobs that have ended once more. */
export function TryAgain({ jobs, queue, onAgain, label = 'Try again', small = false, className }: RetryProps) {
  const retry = useRetry();
  return (
    <Button
      icon={RotateCcw}
      disabled={retry.isPending || !queue.intakeOpen}
      {...cannotIn(queue)}
      className={join(className, small && 'max-sm:min-w-10 max-sm:border-0 max-sm:px-0')}
      onClick={() => retry.mutate({ jobs, onAgain })}
    >
      <span className={join(small && 'max-sm:sr-only')}>
        {jobs.length > 1 ? `Try all ${jobs.length} again` : label}
      </span>
    </Button>
  );
}

/** Likewise, with other seeds. */
export function NewSeed({ jobs, queue, onAgain }: RetryProps) {
  const retry = useRetry();
  return (
    <Button
      disabled={retry.isPending || !queue.intakeOpen}
      {...cannotIn(queue)}
      onClick={() => retry.mutate({ jobs, onAgain, newSeed: true })}
    >
      New seed
    </Button>
  );
}
