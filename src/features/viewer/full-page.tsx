import { Dialog } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';
import { join } from '#src/ui/join.ts';
import { tileId } from '../results/tiles/tile.tsx';

type FullPageProps = {
  /** The result whose tile gets the focus back; where there is none, it goes back to where it was. */
  from: string | undefined;
  onClose: () => void;
  className?: string;
  children: ReactNode;
};

/** A dialog that covers the page. `children` contains a Dialog.Title. */
export function FullPage({ from, onClose, className, children }: FullPageProps) {
  const content = useRef<HTMLDivElement>(null);
  const [opener] = useState(() => document.activeElement);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          ref={content}
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            // The first key press is for the pictures, not for the first button.
            event.preventDefault();
            content.current?.focus();
          }}
          // Nothing is outside but messages, and pressing Undo in one closes nothing.
          onInteractOutside={(event) => event.preventDefault()}
          onCloseAutoFocus={() => {
            const back = document.getElementById(tileId(from ?? '')) ?? opener;
            if (back instanceof HTMLElement) back.focus();
          }}
          className={join('fixed inset-0 z-40 flex animate-arrive flex-col bg-page outline-none', className)}
        >
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
