'use client';

import { Eye, Megaphone } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { useTRPCClient } from '../api-client/trpc.ts';
import { useMe } from '../session/use-me.ts';
import { Countdown } from './countdown.tsx';
import { saveWorkflow } from './save-workflow.ts';
import { announcedWords, useAnnouncement } from './use-announcement.ts';

const LookUpOverlay = dynamic(
  () => loadPart(() => import('./look-up-overlay.tsx')).then((file) => file.LookUpOverlay),
  {
    ssr: false,
  },
);

/** The current announcement, on every page. */
export function AnnouncementBanner() {
  const announcement = useAnnouncement();
  const client = useTRPCClient();
  const me = useMe();
  const [minimised, setMinimised] = useState(false);
  const eyes = announcement?.eyesOnMe === true;
  // A new "Please look up" is shown again.
  if (minimised && !eyes) setMinimised(false);
  const Icon = eyes ? Eye : Megaphone;
  return (
    <>
      <div role="status" aria-label="Announcement">
        {announcement && (
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
            {eyes && minimised && me?.role !== 'operator' && (
              <Button className="text-text" onClick={() => setMinimised(false)}>
                Show full screen
              </Button>
            )}
          </div>
        )}
      </div>
      {announcement && eyes && !minimised && me?.role === 'participant' && (
        <LookUpOverlay announcement={announcement} onClose={() => setMinimised(true)} />
      )}
    </>
  );
}
