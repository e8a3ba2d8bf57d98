import { useEffect, useRef, useState } from 'react';
import type { Warning } from '#src/domain/jobs/warning.ts';
import { graphToGive } from '#src/domain/workflow/graph-json.ts';
import type { Failure } from '../api-client/failure.ts';
import type { NewJob, Submissions } from '../jobs/submissions.ts';

/**
 * Whether a job that did not get through is explained on its card: faults of the graph belong to the job, and one that was not answered can be sent
 * again. Everything else, such as a full line, is told where she pressed Run, with all that she typed still there.
 */
export const isToldOnCard = ({ code }: Pick<Failure, 'code'>): boolean => code === null || code === 'invalid_graph';

/** Sends a job from the dialog, which closes when that is done or leaves it to a card. With `warnings` it was taken, and stays open to show them. */
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

  const run = async (job: NewJob): Promise<void> => {
    if (isSending) return;
    setIsSending(true);
    setWhy(null);
    const { requestId, failure, warnings } = await sending.submit({
      ...job,
      prompt: graphToGive(job.prompt),
      ...(job.workflow !== undefined && { workflow: graphToGive(job.workflow) }),
    });
    // She closed it meanwhile: then the card is where she looks.
    if (!open.current) return;
    setIsSending(false);
    if (failure === null && warnings.length > 0) return setWarnings(warnings);
    if (failure === null || isToldOnCard(failure)) return onClose();
    sending.drop(requestId);
    setWhy(failure.sentence);
  };
  return { run, isSending, why, warnings };
}

export type Run = ReturnType<typeof useRun>;
