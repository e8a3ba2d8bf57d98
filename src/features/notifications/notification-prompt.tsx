import { Bell, X } from 'lucide-react';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { chime } from './chime.ts';
import { useWishes } from './notification-preferences.ts';

/** Asks once, quietly, whether she wants to be told when jobs are done. */
export function Invitation() {
  const { asked, setAsked, wishSound, wishMessage } = useWishes();
  if (asked) return null;
  const accept = async (): Promise<void> => {
    // Both at once: a browser forgets soon that something was pressed.
    await Promise.all([wishMessage(true), wishSound(true)]);
    chime(false);
  };
  return (
    <div className="order-last flex min-h-8 basis-full items-center gap-x-2 text-quiet sm:order-none sm:basis-auto">
      <Bell size={16} aria-hidden className="hidden shrink-0 sm:block" />
      <span>Get notified when a job is done?</span>
      <Button tone="quiet" className="text-text" onClick={() => void accept()}>
        Notify me
      </Button>
      <IconButton icon={X} label="No, thanks" onClick={setAsked} />
    </div>
  );
}
