'use client';

import { Eye, Megaphone } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '#src/ui/button.tsx';
import { join } from '#src/ui/join.ts';
import { loadPart } from '#src/ui/load-part.ts';
import { useTRPCClient } from '../server/trpc.ts';
import { useMe } from '../session/use-me.ts';
import { Countdown } from './countdown.tsx';
import { saveWorkflow } from './save-workflow.ts';
import { announcedWords, useAnnouncement } from './use-announcement.ts';

const EyesOnMe = dynamic(() => loadPart(() => import('./eyes-on-me.tsx')).then((file) => file.EyesOnMe), {
  ssr: false,
});

/** What the operator tells everybody, on every page. */
export function AnnouncementLine() {
  const told = useAnnouncement();
  const client = useTRPCClient();
  const me = useMe();
  const [put, trash] = useState(false);
  const eyes = told?.eyesOnMe === true;
  // Whoever asks for all eyes again is seen again.
  if (put && !eyes) trash(false);
  const Icon = eyes ? Eye : Megaphone;
  return (
    <>
      <div role="status" aria-label="Announcement">
        {told && (
          <div
            className={join(
              'flex flex-wrap items-center justify-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5 text-center text-15',
              eyes ? 'bg-accent text-on-accent' : 'bg-raised',
            )}
          >
            <Icon size={16} aria-hidden className={join('shrink-0', !eyes && 'text-accent')} />
            {eyes && <b className="font-semibold">Please look up</b>}
            {announcedWords(told) !== '' && <span className="min-w-0 break-words">{announcedWords(told)}</span>}
            {told.countdown !== null && <Countdown until={told.until} left={told.countdown} />}
            {told.workflow && (
              <span className="inline-flex min-w-0 flex-wrap items-center justify-center gap-x-2 gap-y-1">
                <span className="min-w-0 break-words">Open for everyone: {told.workflow.name}</span>
                <Button
                  className={join('text-13', eyes && 'text-text')}
                  onClick={() => void saveWorkflow(client, told.workflow?.id ?? '')}
                >
                  Download
                </Button>
              </span>
            )}
            {eyes && put && me?.role !== 'operator' && (
              <Button className="text-text" onClick={() => trash(false)}>
                Show full screen
              </Button>
            )}
          </div>
        )}
      </div>
      {told && eyes && !put && me?.role === 'participant' && <EyesOnMe told={told} onClose={() => trash(true)} />}
    </>
  );
}
