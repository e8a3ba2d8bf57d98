'use client';

import { QueuePanel } from '../queue/queue-panel.tsx';

export function OverviewScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Overview</h1>
      <QueuePanel />
    </>
  );
}
