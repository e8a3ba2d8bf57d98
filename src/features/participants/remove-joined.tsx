import { useMutation, useQueryClient } from '@tanstack/react-query';
import { counted } from '#src/domain/measures.ts';
import { inHalves } from '#src/domain/users/join-code.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** In case a code leaks. */
export function RemoveJoined({ id, code, onClose }: { id: string; code: string; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.admin.joinCodes.removeJoined.mutationOptions({
      onSuccess: ({ removed, kept }) =>
        notify(`${counted(removed, 'account')} removed. ${kept > 0 ? `${kept} with jobs stay.` : ''}`.trim()),
      onError: (error) => notifyFailure(failureOf(error).sentence),
      onSettled: async () => {
        onClose();
        await queryClient.invalidateQueries(trpc.admin.pathFilter());
      },
    }),
  );
  return (
    <Dialog
      title={`Remove unused accounts of ${inHalves(code)}?`}
      description="The code is closed, and every account that joined with it and has sent no job is removed. Each can be restored under “Left the class”."
      onClose={onClose}
    >
      <div className="flex justify-end gap-2">
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button tone="accent" autoFocus disabled={remove.isPending} onClick={() => remove.mutate({ id })}>
          Close code and remove accounts
        </Button>
      </div>
    </Dialog>
  );
}
