import { useEffect, useEffectEvent, useId } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { allowSound, chime } from '../notifications/chime.ts';
import { useNotificationPreferences } from '../notifications/notification-preferences.ts';

const MESSAGE_HINTS = {
  default: 'Your browser will ask for permission. Jobs that end together share one notification.',
  granted: 'Only while this page is in the background. Jobs that end together share one notification.',
  denied: 'Your browser blocks notifications from this page. Allow them in the browser settings, then come back.',
  impossible: 'This browser does not support notifications at this address.',
};

export function TellMeCard() {
  const { sound, message, allowed, refreshPermission, setSoundWanted, setMessageWanted } = useNotificationPreferences();
  const refresh = useEffectEvent(refreshPermission);
  useEffect(() => refresh(), []);
  const trySound = async (): Promise<void> => {
    await allowSound();
    chime(false);
  };
  return (
    <section aria-labelledby="tell-me" className="flex flex-col gap-3">
      <h2 id="tell-me" className="text-15 font-semibold">
        Notify me when a job is done
      </h2>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <Toggle label="Sound" hint="Also plays when a job fails." checked={sound} onToggle={setSoundWanted} />
        <Button onClick={() => void trySound()}>Play sound</Button>
      </div>
      <Toggle
        label="Browser notification"
        hint={MESSAGE_HINTS[allowed ?? 'default']}
        checked={message && allowed === 'granted'}
        disabled={allowed === null || allowed === 'denied' || allowed === 'impossible'}
        onToggle={setMessageWanted}
      />
      <p className="text-quiet">
        Saved in this browser. The tab always shows how many of your jobs are running, and a dot for new results.
      </p>
    </section>
  );
}

type ToggleProps = {
  label: string;
  hint: string;
  checked: boolean;
  disabled?: boolean;
  onToggle: (wanted: boolean) => Promise<void>;
};

function Toggle({ label, hint, checked, disabled, onToggle }: ToggleProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label className="flex min-h-8 items-center gap-2 font-semibold has-disabled:text-quiet pointer-coarse:min-h-10">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          aria-describedby={id}
          checked={checked}
          disabled={disabled}
          onChange={({ target }) => void onToggle(target.checked)}
        />
        {label}
      </label>
      <p id={id} className="pl-6 text-quiet">
        {hint}
      </p>
    </div>
  );
}
