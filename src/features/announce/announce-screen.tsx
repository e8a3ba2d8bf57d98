'use client';

import { AnnounceForm } from './announce-form.tsx';
import { CurrentAnnouncement } from './current-announcement.tsx';
import { SharedWorkflows } from './shared-workflows.tsx';
import { useAnnouncement } from './use-announcement.ts';

export function AnnounceScreen() {
  const announcement = useAnnouncement();
  return (
    <>
      <h1 className="text-20 font-semibold">Announce</h1>
      <section aria-labelledby="announcement" className="flex flex-col gap-3">
        <h2 id="announcement" className="text-15 font-semibold">
          On every screen
        </h2>
        <CurrentAnnouncement announcement={announcement} />
        <AnnounceForm
          isTold={announcement !== null && (announcement.text !== '' || announcement.eyesOnMe)}
          eyesOnMe={announcement?.eyesOnMe ?? false}
        />
      </section>
      <SharedWorkflows openId={announcement?.workflow?.id ?? null} />
    </>
  );
}
