'use client';

import { Board } from './board.tsx';
import { QueuePanel } from './queue-panel.tsx';

export function QueueScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Queue</h1>
      <QueuePanel />
      <Board />
    </>
  );
}
