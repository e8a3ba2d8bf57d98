import { useRouter } from 'next/navigation';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useJobLists } from '../jobs/jobs-cache.ts';
import { allowSound, canSound, chime } from './chime.ts';
import { type Ending, endedSince, tellOf } from './ended-jobs.ts';
import { useWishes } from './notification-preferences.ts';
import { createOneVoice } from './tab-leader.ts';
import { iconOf, showIcon, titleOf } from './tab-title.ts';

/** A tab in which nothing was pressed yet can make no sound: where one is wished for, it leaves the word to others for longer. */
const WAIT_MS = { able: 1500, mute: 4000 };

const isVisible = (): boolean => document.visibilityState === 'visible';

/** Says in the tab's title and icon what is going on, and tells of jobs that have ended as this person wishes. */
export function TellMe({ isNew }: { isNew: boolean }) {
  const { alive, recent } = useJobLists();
  const wishes = useWishes();
  const router = useRouter();
  const wasAlive = useRef<ReadonlySet<string>>(new Set());
  const voice = useRef<ReturnType<typeof createOneVoice<Ending>>>(undefined);

  const running = alive.length;
  useEffect(() => {
    document.title = titleOf(running, isNew);
    showIcon(iconOf(running, isNew));
  }, [running, isNew]);

  const speak = useEffectEvent((endings: readonly Ending[], isSeen: boolean) => {
    const { title, body, resultId, isFailure } = tellOf(endings);
    if (wishes.sound) chime(isFailure);
    if (!wishes.message || isSeen || Notification.permission !== 'granted') return;
    try {
      const shown = new Notification(title, { body, tag: 'comfyume', icon: '/icon.svg', silent: true });
      shown.onclick = () => {
        window.focus();
        shown.close();
        router.push(resultId === null ? '/' : `/?result=${encodeURIComponent(resultId)}`);
      };
    } catch {
      // Phones have the word for it, but let only workers use it.
    }
  });

  const isAble = useEffectEvent((): boolean => !wishes.sound || canSound());

  useEffect(() => {
    const channel = new BroadcastChannel('comfyume.tell-me');
    const name = Math.random().toString(36).slice(2);
    const one = createOneVoice<Ending>({
      channel,
      rank: () => `${isVisible() ? 0 : 1}${isAble() ? 0 : 1}${name}`,
      waitMs: () => (isAble() ? WAIT_MS.able : WAIT_MS.mute),
      isSeen: isVisible,
      speak: (endings, isSeen) => speak(endings, isSeen),
    });
    voice.current = one;
    return () => {
      one.close();
      channel.close();
    };
  }, []);

  useEffect(() => {
    const ended = endedSince(wasAlive.current, recent);
    voice.current?.say(ended);
    const over = new Set(ended.map(({ id }) => id));
    const alreadyOver = new Set(recent.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
    wasAlive.current = new Set(
      [...wasAlive.current, ...alive.map(({ id }) => id)].filter((id) => !over.has(id) && !alreadyOver.has(id)),
    );
  }, [alive, recent]);

  const { sound } = wishes;
  useEffect(() => {
    if (!sound) return;
    // A page that was opened again may sound only after the first press.
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
