import { CircleAlert, Send, X } from 'lucide-react';
import { nodeErrorLines } from '#src/domain/workflow/node-error-words.ts';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { FaultLines } from './fault-lines.tsx';
import { Row } from './row.tsx';
import type { Submission } from './submissions.ts';

type SubmissionRowProps = { submission: Submission; onAgain: () => void; onDismiss: () => void };

/** A job that is being sent, or was not accepted. */
export function SubmissionRow({ submission, onAgain, onDismiss }: SubmissionRowProps) {
  const { job, failure } = submission;
  const about = { label: job.title, title: job.title };
  if (!failure) return <Row {...about} icon={Send} iconClass="text-quiet" words="Sending" aside={null} />;
  const badGraph = failure.code === 'invalid_graph';
  const lines = nodeErrorLines(failure.nodeErrors ?? {});
  return (
    <Row
      {...about}
      icon={CircleAlert}
      iconClass="text-failed"
      words={badGraph ? 'This workflow cannot run' : 'Not sent'}
      aside={null}
      body={lines.length === 0 ? <p>{failure.sentence}</p> : <FaultLines lines={lines} />}
      actions={
        <>
          {!badGraph && <Button onClick={onAgain}>Send again</Button>}
          <IconButton icon={X} label="Dismiss" onClick={onDismiss} className="-mr-1" />
        </>
      }
    />
  );
}
