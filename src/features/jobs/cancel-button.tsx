import { CircleX } from 'lucide-react';
import { Button } from '#src/ui/buttons/button.tsx';
import { useCancel } from './job-actions.ts';

/** A word; on a phone a cross. */
export function CancelButton({ id }: { id: string }) {
  const cancel = useCancel();
  const busy = cancel.isPending || cancel.isSuccess;
  return (
    <Button
      tone="quiet"
      className="-mr-2 max-sm:min-w-10 max-sm:px-0"
      disabled={busy}
      onClick={() => cancel.mutate({ id })}
    >
      <CircleX size={16} aria-hidden className="sm:hidden" />
      <span className="max-sm:sr-only">{busy ? 'Cancelling' : 'Cancel'}</span>
    </Button>
  );
}
