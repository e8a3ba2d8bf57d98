import { HistoryScreen } from '#src/features/history/history-screen.tsx';
import { ClientOnly } from '#src/ui/loading/client-only.tsx';

export default function HistoryPage() {
  return (
    <ClientOnly>
      <HistoryScreen />
    </ClientOnly>
  );
}
