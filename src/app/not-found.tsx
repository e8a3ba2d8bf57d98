import { DemoBanner } from '#src/features/frame/demo-banner.tsx';
import { MissingScreen } from '#src/features/frame/not-found-screen.tsx';

export default function NotFound() {
  return (
    <>
      <DemoBanner />
      <MissingScreen />
    </>
  );
}
