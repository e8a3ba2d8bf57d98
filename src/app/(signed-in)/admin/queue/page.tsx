import { QueueScreen } from '#src/features/queue/queue-screen.tsx';

export default function QueuePage() {
  return <QueueScreen />;
}
