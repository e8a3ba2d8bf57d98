import dynamic from 'next/dynamic';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { closeDownloadDialog, useDownloadScope } from './open-dialog.ts';

const DownloadDialog = dynamic(
  () => loadPart(() => import('./download-dialog.tsx')).then((file) => file.DownloadDialog),
  {
    ssr: false,
  },
);

/** The dialog, while it is open. */
export function Downloads() {
  const scope = useDownloadScope();
  return scope && <DownloadDialog {...scope} onClose={closeDownloadDialog} />;
}
