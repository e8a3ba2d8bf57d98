import { LogsScreen } from '#src/features/client-logs/logs-screen.tsx';

export default function LogsPage() {
  return <LogsScreen />;
}
