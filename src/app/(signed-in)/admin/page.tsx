import { OverviewScreen } from '#src/features/overview/overview-screen.tsx';

export default function OverviewPage() {
  return <OverviewScreen />;
}
