import { useEffect, useRef, useState } from 'react';
import type { Warning } from '#src/domain/warning.ts';
import { graphToGive } from '#src/domain/workflow/graph-json.ts';
import type { Failure } from '../api-client/failure.ts';
import type { ClassJob, NewJob, Submissions } from '../jobs/submissions.ts';

/**
 * Whether a failed submission is explained on its card: errors of the graph belong to the job, and one without a response can be sent again. Everything
 * else, such as a full queue, is shown in the dialog, with the input still there.
 */
export const isShownOnCard = ({ code }: Pick<Failure, 'code'>): boolean => code === null || code === 'invalid_graph';

const asGiven = (job: NewJob): NewJob => ({
  ...job,
  prompt: graphToGive(job.prompt),
  ...(job.workflow !== undefined && { workflow: graphToGive(job.workflow) }),
});

/** Submits a job from the dialog, which closes on success or when a card shows the failure. With `warnings` it stays open to show them. */
export function useRun(sending: Pick<Submissions, 'submit' | 'drop'>, onClose: () => void) {
  const [isSending, setIsSending] = useState(false);
  const [why, setWhy] = useState<string | null>(null);
  const [warnings, setWarnings] = useState<readonly Warning[]>([]);
  const open = useRef(false);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);

  const run = async (job: NewJob | ClassJob): Promise<void> => {
    if (isSending) return;
    setIsSending(true);
    setWhy(null);
    const { requestId, failure, warnings } = await sending.submit('changes' in job ? job : asGiven(job));
    // The dialog was closed meanwhile: the card shows it.
    if (!open.current) return;
    setIsSending(false);
    if (failure === null && warnings.length > 0) return setWarnings(warnings);
    if (failure === null || isShownOnCard(failure)) return onClose();
    sending.drop(requestId);
    setWhy(failure.sentence);
  };
  return { run, isSending, why, warnings };
}

export type Run = ReturnType<typeof useRun>;
