'use client';

import { MissingScreen } from '../frame/missing-screen.tsx';
import { useMe } from '../session/use-me.ts';
import { Endpoints } from './endpoints.tsx';
import { JobsTable } from './jobs-table.tsx';
import { Limits } from './limits.tsx';
import { Participants } from './participants.tsx';
import { QueuePanel } from './queue-panel.tsx';
import { Strays } from './strays.tsx';

export function AdminScreen() {
  const me = useMe();
  if (me?.role === 'participant') return <MissingScreen />;
  return (
    <main className="flex max-w-[1100px] flex-col gap-8 p-4 sm:p-6">
      <h1 className="text-20 font-semibold">Admin</h1>
      {me && (
        <>
          <QueuePanel />
          <JobsTable />
          <Endpoints />
          <Participants />
          <Limits />
          <Strays />
        </>
      )}
    </main>
  );
}
