'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { useMe } from '../session/use-me.ts';
import { useAnnouncement } from './use-announcement.ts';

const AnnouncementBar = dynamic(
  () => loadPart(() => import('./announcement-bar.tsx')).then((file) => file.AnnouncementBar),
  { ssr: false },
);

const LookUpOverlay = dynamic(
  () => loadPart(() => import('./look-up-overlay.tsx')).then((file) => file.LookUpOverlay),
  {
    ssr: false,
  },
);

/** The current announcement, on every page. */
export function AnnouncementBanner() {
  const announcement = useAnnouncement();
  const me = useMe();
  const [minimised, setMinimised] = useState(false);
  const eyes = announcement?.eyesOnMe === true;
  // A new "Please look up" is shown again.
  if (minimised && !eyes) setMinimised(false);
  return (
    <>
      <div role="status" aria-label="Announcement">
        {announcement && (
          <AnnouncementBar
            announcement={announcement}
            onFullScreen={eyes && minimised && me?.role !== 'operator' ? () => setMinimised(false) : null}
          />
        )}
      </div>
      {announcement && eyes && !minimised && me?.role === 'participant' && (
        <LookUpOverlay announcement={announcement} onClose={() => setMinimised(true)} />
      )}
    </>
  );
}
