import { useMutation } from '@tanstack/react-query';
import { Eye, Megaphone } from 'lucide-react';
import { Button } from '#src/ui/buttons/button.tsx';
import { StateWord } from '#src/ui/tables/status-label.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { announcedWords, type Told } from './use-announcement.ts';

/** What everybody sees now, and the way to end it. */
export function ToldNow({ told }: { told: Told | null }) {
  const trpc = useTRPC();
  const onError = (error: unknown): void => notifyFailure(failureOf(error).sentence);
  const clear = useMutation(trpc.admin.announcement.clear.mutationOptions({ onError }));
  const close = useMutation(trpc.admin.announcement.closeWorkflow.mutationOptions({ onError }));
  const words = told ? announcedWords(told) : '';
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-2">
      {!told && <p className="text-quiet">No announcement.</p>}
      {told?.eyesOnMe && (
        <StateWord icon={Eye} look="text-accent">
          Please look up: no jobs are sent to GPUs
        </StateWord>
      )}
      {told && words !== '' && (
        <StateWord icon={Megaphone} look="text-accent">
          {words}
        </StateWord>
      )}
      {told?.until && (
        <span className="text-quiet tabular-nums">
          until {new Date(told.until).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}
        </span>
      )}
      {told?.workflow && (
        <span className="inline-flex items-center gap-2">
          Opening in every ComfyUI tab: {told.workflow.name}
          <Button disabled={close.isPending} onClick={() => close.mutate()}>
            Stop opening it
          </Button>
        </span>
      )}
      {told && (
        <Button tone="accent" disabled={clear.isPending} onClick={() => clear.mutate()}>
          {told.eyesOnMe ? 'End and resume' : 'End'}
        </Button>
      )}
    </div>
  );
}
