import { DemoBanner } from '#src/features/frame/demo-banner.tsx';
import { NotFoundScreen } from '#src/features/frame/not-found-screen.tsx';

export default function NotFound() {
  return (
    <>
      <DemoBanner />
      <NotFoundScreen />
    </>
  );
}
