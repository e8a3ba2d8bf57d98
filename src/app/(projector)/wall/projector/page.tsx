import { ProjectorScreen } from '#src/features/wall/projector-screen.tsx';
import { ClientOnly } from '#src/ui/loading/client-only.tsx';

export default function ProjectorPage() {
  return (
    <ClientOnly>
      <ProjectorScreen />
    </ClientOnly>
  );
}
