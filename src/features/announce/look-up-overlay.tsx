import { Eye } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useState } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { Countdown } from './countdown.tsx';
import { type Announcement, announcedWords } from './use-announcement.ts';

/** Covers the page until it is minimised or the operator ends it. */
export function LookUpOverlay({ announcement, onClose }: { announcement: Announcement; onClose: () => void }) {
  const [opener] = useState(() => document.activeElement);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Content
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener instanceof HTMLElement) opener.focus();
          }}
          className="fixed inset-0 z-50 flex animate-arrive flex-col items-center justify-center gap-6 overflow-y-auto bg-page p-6 text-center outline-none"
        >
          <Eye size={64} aria-hidden className="shrink-0 text-accent" />
          <Radix.Title className="text-28 font-semibold">Please look up</Radix.Title>
          <Radix.Description className="max-w-[36ch] text-28 break-words">
            {announcedWords(announcement)}
          </Radix.Description>
          {announcement.countdown !== null && (
            <p className="text-28">
              <Countdown until={announcement.until} left={announcement.countdown} />
            </p>
          )}
          <p className="text-quiet">New jobs wait and start automatically afterwards. Nothing is lost.</p>
          <Button onClick={onClose}>Minimise</Button>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
