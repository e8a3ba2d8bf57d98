import { MissingScreen } from '#src/features/frame/missing-screen.tsx';

export default function NotFound() {
  return <MissingScreen />;
}
