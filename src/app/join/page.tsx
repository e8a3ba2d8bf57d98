import { JoinScreen } from '#src/features/session/join-screen.tsx';

export default function JoinPage() {
  return <JoinScreen />;
}
