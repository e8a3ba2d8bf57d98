import { WallScreen } from '#src/features/wall/wall-screen.tsx';

export default function WallPage() {
  return <WallScreen />;
}
