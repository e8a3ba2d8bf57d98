import { Suspense } from 'react';
import { ProjectorScreen } from '#src/features/wall/projector-screen.tsx';

export default function ProjectorPage() {
  return (
    <Suspense>
      <ProjectorScreen />
    </Suspense>
  );
}
