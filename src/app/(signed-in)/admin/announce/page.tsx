import { AnnounceScreen } from '#src/features/announce/announce-screen.tsx';

export default function AnnouncePage() {
  return <AnnounceScreen />;
}
