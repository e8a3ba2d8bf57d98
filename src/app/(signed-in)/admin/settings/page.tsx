import { SettingsScreen } from '#src/features/settings/settings-screen.tsx';

export default function SettingsPage() {
  return <SettingsScreen />;
}
