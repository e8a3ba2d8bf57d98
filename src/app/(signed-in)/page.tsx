import { WorkScreen } from '#src/features/work/work-screen.tsx';
import { ClientOnly } from '#src/ui/loading/client-only.tsx';

export default function WorkPage() {
  return (
    <ClientOnly>
      <WorkScreen />
    </ClientOnly>
  );
}
