'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useEffect, useState } from 'react';
import { useKeys } from '#src/ui/browser/use-keys.ts';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { AnnouncementBanner } from '../announce/announcement-banner.tsx';
import { goToLogin } from '../api-client/go-to-login.ts';
import { LiveBanner } from '../live/live-banner.tsx';
import { LiveProvider } from '../live/live-provider.tsx';
import { ImpersonationBanner } from '../session/impersonation-banner.tsx';
import { useMe } from '../session/use-me.ts';
import { DemoBanner } from './demo-banner.tsx';
import { Rail } from './rail.tsx';

const ShortcutsDialog = dynamic(
  () => loadPart(() => import('./shortcuts-dialog.tsx')).then((file) => file.ShortcutsDialog),
  {
    ssr: false,
  },
);

const LogReporter = dynamic(
  () => loadPart(() => import('../client-logs/log-reporter.tsx')).then((file) => file.LogReporter),
  {
    ssr: false,
  },
);

const Toaster = dynamic(() => loadPart(() => import('#src/ui/toasts/toaster.tsx')).then((file) => file.Toaster), {
  ssr: false,
});

/** The frame of every page after signing in: navigation, banners, live updates, messages. */
export function Frame({ children }: { children: ReactNode }) {
  const me = useMe();
  const [shortcutsShown, setShortcutsShown] = useState(false);
  useKeys({ '?': () => setShortcutsShown(true) });

  useEffect(() => {
    if (me === null) goToLogin();
  }, [me]);

  return (
    <LiveProvider>
      <div className="flex min-h-dvh flex-col sm:flex-row">
        <Rail user={me} onShortcuts={() => setShortcutsShown(true)} />
        <div className="flex min-w-0 grow flex-col pb-16 sm:pb-0 print:pb-0">
          <ImpersonationBanner />
          <AnnouncementBanner />
          <DemoBanner />
          <LiveBanner />
          {children}
        </div>
      </div>
      {shortcutsShown && <ShortcutsDialog onClose={() => setShortcutsShown(false)} />}
      <Toaster />
      <LogReporter />
    </LiveProvider>
  );
}
