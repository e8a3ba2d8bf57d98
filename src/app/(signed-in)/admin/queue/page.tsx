import { Suspense } from 'react';
import { QueueScreen } from '#src/features/queue/queue-screen.tsx';

export default function QueuePage() {
  return (
    <Suspense>
      <QueueScreen />
    </Suspense>
  );
}
