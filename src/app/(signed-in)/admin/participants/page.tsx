import { ParticipantsScreen } from '#src/features/participants/participants-screen.tsx';

export default function ParticipantsPage() {
  return <ParticipantsScreen />;
}
