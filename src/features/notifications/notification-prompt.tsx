import { Bell, X } from 'lucide-react';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { chime } from './chime.ts';
import { useNotificationPreferences } from './notification-preferences.ts';

/** Asks once, unobtrusively, whether to notify when jobs are done. */
export function NotificationPrompt() {
  const { asked, setAsked, setSoundWanted, setMessageWanted } = useNotificationPreferences();
  if (asked) return null;
  const accept = async (): Promise<void> => {
    // Both at once: browsers accept a press for a short time only.
    await Promise.all([setMessageWanted(true), setSoundWanted(true)]);
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
