'use client';

import dynamic from 'next/dynamic';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { QueuePanel } from './queue-panel.tsx';

const Board = dynamic(() => loadPart(() => import('./board.tsx')).then((file) => file.Board), {
  ssr: false,
  loading: () => <div className="min-h-96" />,
});

export function QueueScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Queue</h1>
      <QueuePanel />
      <Board />
    </>
  );
}
