import { lazy, Suspense } from 'react';
import { loadPart } from '../loading/load-part.ts';
import type { DialogProps } from './dialog-box.tsx';

// A twentieth of what a page may weigh, and most pages are left without a dialog having been opened.
const DialogBox = lazy(() => loadPart(() => import('./dialog-box.tsx')).then((file) => ({ default: file.DialogBox })));

/** An open dialog: mount it to open. Escape, the close button and a press outside call `onClose`; focus returns to where it was. */
export function Dialog(props: DialogProps) {
  return (
    <Suspense>
      <DialogBox {...props} />
    </Suspense>
  );
}
