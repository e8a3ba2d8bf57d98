import { CircleAlert, Send, X } from 'lucide-react';
import { nodeErrorLines } from '#src/domain/workflow/node-error-words.ts';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { Card } from './card.tsx';
import type { Submission } from './submissions.ts';

type SubmissionCardProps = { submission: Submission; onAgain: () => void; onDismiss: () => void };

export function SubmissionCard({ submission, onAgain, onDismiss }: SubmissionCardProps) {
  const { job, failure } = submission;
  if (!failure)
    return <Card title={job.title} icon={Send} iconClass="text-quiet" words="Sending" aside={null} detail={null} />;
  const badGraph = failure.code === 'invalid_graph';
  return (
    <Card
      title={job.title}
      icon={CircleAlert}
      iconClass="text-failed"
      words={badGraph ? 'This workflow cannot run' : 'Not sent'}
      detail={failure.sentence}
      lines={nodeErrorLines(failure.nodeErrors ?? {})}
      corner={<IconButton icon={X} label="Dismiss" onClick={onDismiss} className="-mt-1 -mr-1" />}
      actions={!badGraph && <Button onClick={onAgain}>Send again</Button>}
    />
  );
}
