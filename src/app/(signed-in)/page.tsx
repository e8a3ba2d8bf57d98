import { WorkScreen } from '#src/features/work/work-screen.tsx';
import { ClientOnly } from '#src/ui/client-only.tsx';

export default function WorkPage() {
  return (
    <ClientOnly>
      <WorkScreen />
    </ClientOnly>
  );
}
