import { Eye, Megaphone } from 'lucide-react';
import { Button } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { useTRPCClient } from '../api-client/trpc.ts';
import { Countdown } from './countdown.tsx';
import { saveWorkflow } from './save-workflow.ts';
import { type Announcement, announcedWords } from './use-announcement.ts';

type AnnouncementBarProps = {
  announcement: Announcement;
  /** Offered while "Please look up" is minimised. */
  onFullScreen: (() => void) | null;
};

/** What the teacher says, and the workflow that everyone may open. */
export function AnnouncementBar({ announcement, onFullScreen }: AnnouncementBarProps) {
  const client = useTRPCClient();
  const eyes = announcement.eyesOnMe;
  const Icon = eyes ? Eye : Megaphone;
  return (
    <div
      className={join(
        'flex flex-wrap items-center justify-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5 text-center text-15',
        eyes ? 'bg-accent text-on-accent' : 'bg-raised',
      )}
    >
      <Icon size={16} aria-hidden className={join('shrink-0', !eyes && 'text-accent')} />
      {eyes && <b className="font-semibold">Please look up</b>}
      {announcedWords(announcement) !== '' && (
        <span className="min-w-0 break-words">{announcedWords(announcement)}</span>
      )}
      {announcement.countdown !== null && <Countdown until={announcement.until} left={announcement.countdown} />}
      {announcement.workflow && (
        <span className="inline-flex min-w-0 flex-wrap items-center justify-center gap-x-2 gap-y-1">
          <span className="min-w-0 break-words">Open for everyone: {announcement.workflow.name}</span>
          <Button
            className={join('text-13', eyes && 'text-text')}
            onClick={() => void saveWorkflow(client, announcement.workflow?.id ?? '')}
          >
            Download
          </Button>
        </span>
      )}
      {onFullScreen && (
        <Button className="text-text" onClick={onFullScreen}>
          Show full screen
        </Button>
      )}
    </div>
  );
}
