import { Suspense } from 'react';
import { WorkScreen } from '#src/features/work/work-screen.tsx';

export default function WorkPage() {
  return (
    <Suspense>
      <WorkScreen />
    </Suspense>
  );
}
