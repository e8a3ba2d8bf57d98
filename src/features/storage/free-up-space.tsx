import { useMutation, useQueryClient } from '@tanstack/react-query';
import { fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** For the disk of the database, when it is full: works although nothing can be written. */
export function FreeUpSpace() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const make = useMutation(
    trpc.admin.storage.makeRoom.mutationOptions({
      onSuccess: ({ bytes }) => notify(`${fileSize(bytes)} freed.`),
      onError: (error) => notifyFailure(failureOf(error).sentence),
      onSettled: () => queryClient.invalidateQueries(trpc.admin.storage.rooms.queryFilter()),
    }),
  );
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button disabled={make.isPending} onClick={() => make.mutate()}>
        Free up database space
      </Button>
      <span className="text-quiet">Deletes thumbnails, which are created again when needed, and a reserved file.</span>
    </div>
  );
}
