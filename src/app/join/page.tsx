import { JoinScreen } from '#src/features/sign-in/join-screen.tsx';

export default function JoinPage() {
  return <JoinScreen />;
}
