import { Button } from '#src/ui/buttons/button.tsx';
import { useCancel } from './job-actions.ts';

export function CancelButton({ id }: { id: string }) {
  const cancel = useCancel();
  const busy = cancel.isPending || cancel.isSuccess;
  return (
    <Button tone="quiet" className="-mr-2" disabled={busy} onClick={() => cancel.mutate({ id })}>
      {busy ? 'Cancelling' : 'Cancel'}
    </Button>
  );
}
