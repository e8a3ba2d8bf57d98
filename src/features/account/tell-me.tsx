import { useEffect, useEffectEvent, useId } from 'react';
import { Button } from '#src/ui/button.tsx';
import { allowSound, chime } from '../tell-me/chime.ts';
import { useWishes } from '../tell-me/wishes.ts';

const MESSAGE_HINTS = {
  default: 'Your browser will ask you to allow it. One message for all jobs that end together.',
  granted: 'Only while no window of this page is in front. One message for all jobs that end together.',
  denied: 'Your browser does not let this page send messages. Allow them in its settings, then come back.',
  impossible: 'This browser lets pages at this address send no messages.',
};

export function TellMeCard() {
  const { sound, message, allowed, look, wishSound, wishMessage } = useWishes();
  const lookNow = useEffectEvent(look);
  useEffect(() => lookNow(), []);
  const trySound = async (): Promise<void> => {
    await allowSound();
    chime(false);
  };
  return (
    <section aria-labelledby="tell-me" className="flex flex-col gap-3">
      <h2 id="tell-me" className="text-15 font-semibold">
        Tell me when a job is done
      </h2>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <Wish label="By a gentle sound" hint="Also when something did not finish." checked={sound} onWish={wishSound} />
        <Button onClick={() => void trySound()}>Hear it</Button>
      </div>
      <Wish
        label="By a message of the browser"
        hint={MESSAGE_HINTS[allowed ?? 'default']}
        checked={message && allowed === 'granted'}
        disabled={allowed === null || allowed === 'denied' || allowed === 'impossible'}
        onWish={wishMessage}
      />
      <p className="text-quiet">
        Kept in this browser. The tab itself always shows how many of your jobs are on their way, and a dot when
        something new has come.
      </p>
    </section>
  );
}

type WishProps = {
  label: string;
  hint: string;
  checked: boolean;
  disabled?: boolean;
  onWish: (wanted: boolean) => Promise<void>;
};

function Wish({ label, hint, checked, disabled, onWish }: WishProps) {
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
          onChange={({ target }) => void onWish(target.checked)}
        />
        {label}
      </label>
      <p id={id} className="pl-6 text-quiet">
        {hint}
      </p>
    </div>
  );
}
