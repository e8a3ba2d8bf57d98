import { useRouter } from 'next/navigation';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useJobLists } from '../jobs/jobs-cache.ts';
import { allowSound, canSound, chime } from './chime.ts';
import { type EndedJob, endedSince, notificationFor } from './ended-jobs.ts';
import { useNotificationPreferences } from './notification-preferences.ts';
import { createTabLeader } from './tab-leader.ts';
import { iconOf, showIcon, titleOf } from './tab-title.ts';

/** Browsers mute a tab until the first press. With sound on, such a tab waits longer, so that another one leads. */
const WAIT_MS = { able: 1500, mute: 4000 };

const isVisible = (): boolean => document.visibilityState === 'visible';

/** Shows the state of jobs in the tab's title and icon, and notifies of those that end, as set under Account. */
export function JobNotifications({ isNew }: { isNew: boolean }) {
  const { alive, recent } = useJobLists();
  const preferences = useNotificationPreferences();
  const router = useRouter();
  const wasAlive = useRef<ReadonlySet<string>>(new Set());
  const leader = useRef<ReturnType<typeof createTabLeader<EndedJob>>>(undefined);

  const running = alive.length;
  useEffect(() => {
    document.title = titleOf(running, isNew);
    showIcon(iconOf(running, isNew));
  }, [running, isNew]);

  const notify = useEffectEvent((ended: readonly EndedJob[], isSeen: boolean) => {
    const { title, body, resultId, isFailure } = notificationFor(ended);
    if (preferences.sound) chime(isFailure);
    if (!preferences.message || isSeen || Notification.permission !== 'granted') return;
    try {
      const shown = new Notification(title, { body, tag: 'comfyume', icon: '/icon.svg', silent: true });
      shown.onclick = () => {
        window.focus();
        shown.close();
        router.push(resultId === null ? '/' : `/?result=${encodeURIComponent(resultId)}`);
      };
    } catch {
      // Phones have the class, but allow it in service workers only.
    }
  });

  const isAble = useEffectEvent((): boolean => !preferences.sound || canSound());

  useEffect(() => {
    const channel = new BroadcastChannel('comfyume.notifications');
    const name = Math.random().toString(36).slice(2);
    const one = createTabLeader<EndedJob>({
      channel,
      rank: () => `${isVisible() ? 0 : 1}${isAble() ? 0 : 1}${name}`,
      waitMs: () => (isAble() ? WAIT_MS.able : WAIT_MS.mute),
      isSeen: isVisible,
      notify: (ended, isSeen) => notify(ended, isSeen),
    });
    leader.current = one;
    return () => {
      one.close();
      channel.close();
    };
  }, []);

  useEffect(() => {
    const ended = endedSince(wasAlive.current, recent);
    leader.current?.say(ended);
    const over = new Set(ended.map(({ id }) => id));
    const alreadyOver = new Set(recent.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
    wasAlive.current = new Set(
      [...wasAlive.current, ...alive.map(({ id }) => id)].filter((id) => !over.has(id) && !alreadyOver.has(id)),
    );
  }, [alive, recent]);

  const { sound } = preferences;
  useEffect(() => {
    if (!sound) return;
    // After a reload, sound is allowed only after the first press.
    const allow = (): void => void allowSound();
    const options = { once: true, capture: true };
    window.addEventListener('pointerdown', allow, options);
    window.addEventListener('keydown', allow, options);
    return () => {
      window.removeEventListener('pointerdown', allow, options);
      window.removeEventListener('keydown', allow, options);
    };
  }, [sound]);

  return null;
}
