import { QueueScreen } from '#src/features/queue/queue-screen.tsx';
import { ClientOnly } from '#src/ui/loading/client-only.tsx';

export default function QueuePage() {
  return (
    <ClientOnly>
      <QueueScreen />
    </ClientOnly>
  );
}
