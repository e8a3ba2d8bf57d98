import dynamic from 'next/dynamic';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { closeTakeHome, useOffer } from './open-dialog.ts';

const TakeHomeDialog = dynamic(
  () => loadPart(() => import('./download-dialog.tsx')).then((file) => file.TakeHomeDialog),
  {
    ssr: false,
  },
);

/** The dialog, while it is open. */
export function TakeHome() {
  const offer = useOffer();
  return offer && <TakeHomeDialog {...offer} onClose={closeTakeHome} />;
}
