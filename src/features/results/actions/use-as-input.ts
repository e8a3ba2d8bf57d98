import { useQueryClient } from '@tanstack/react-query';
import type { ResultView } from '#src/api/views.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../../api-client/trpc.ts';
import { openRunWith } from './run-with.ts';

/** Whether workflows can load it. */
export const canBeInput = ({ kind }: Pick<ResultView, 'kind'>): boolean =>
  kind === 'image' || kind === 'video' || kind === 'audio';

/** Makes a result one of its owner's uploads and opens the Run dialog with it. */
export function useAsInput(): (result: ResultView) => Promise<void> {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return async (result) => {
    if (!canBeInput(result)) {
      notify('Only pictures, films and sounds can be used as input.', undefined, 'result-action');
      return;
    }
    try {
      const { name, kind } = await client.inputs.addResult.mutate({ resultId: result.id });
      void queryClient.invalidateQueries(trpc.inputs.pathFilter());
      openRunWith({ inputName: name, media: kind });
    } catch (error) {
      notifyFailure(failureOf(error).sentence);
    }
  };
}
