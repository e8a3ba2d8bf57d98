import { useMutation } from '@tanstack/react-query';
import { Eye, Megaphone } from 'lucide-react';
import { Button } from '#src/ui/buttons/button.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { type Announcement, announcedWords } from './use-announcement.ts';

/** The current announcement, with a button to end it. */
export function CurrentAnnouncement({ announcement }: { announcement: Announcement | null }) {
  const trpc = useTRPC();
  const onError = (error: unknown): void => notifyFailure(failureOf(error).sentence);
  const clear = useMutation(trpc.admin.announcement.clear.mutationOptions({ onError }));
  const close = useMutation(trpc.admin.announcement.closeWorkflow.mutationOptions({ onError }));
  const words = announcement ? announcedWords(announcement) : '';
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-2">
      {!announcement && <p className="text-quiet">No announcement.</p>}
      {announcement?.eyesOnMe && (
        <StatusLabel icon={Eye} iconClass="text-accent">
          Please look up: no jobs are sent to GPUs
        </StatusLabel>
      )}
      {announcement && words !== '' && (
        <StatusLabel icon={Megaphone} iconClass="text-accent">
          {words}
        </StatusLabel>
      )}
      {announcement?.until && (
        <span className="text-quiet tabular-nums">
          until {new Date(announcement.until).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}
        </span>
      )}
      {announcement?.workflow && (
        <span className="inline-flex items-center gap-2">
          Opening in every ComfyUI tab: {announcement.workflow.name}
          <Button disabled={close.isPending} onClick={() => close.mutate()}>
            Stop opening it
          </Button>
        </span>
      )}
      {announcement && (
        <Button
          tone={announcement.eyesOnMe ? 'accent' : 'plain'}
          disabled={clear.isPending}
          onClick={() => clear.mutate()}
        >
          {announcement.eyesOnMe ? 'End and resume' : 'End'}
        </Button>
      )}
    </div>
  );
}
