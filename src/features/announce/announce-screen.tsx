'use client';

import { AnnounceForm } from './announce-form.tsx';
import { ToldNow } from './current-announcement.tsx';
import { HandedOut } from './shared-workflows.tsx';
import { useAnnouncement } from './use-announcement.ts';

export function AnnounceScreen() {
  const told = useAnnouncement();
  return (
    <>
      <h1 className="text-20 font-semibold">Announce</h1>
      <section aria-labelledby="announcement" className="flex flex-col gap-3">
        <h2 id="announcement" className="text-15 font-semibold">
          On every screen
        </h2>
        <ToldNow told={told} />
        <AnnounceForm
          isTold={told !== null && (told.text !== '' || told.eyesOnMe)}
          eyesOnMe={told?.eyesOnMe ?? false}
        />
      </section>
      <HandedOut openId={told?.workflow?.id ?? null} />
    </>
  );
}
