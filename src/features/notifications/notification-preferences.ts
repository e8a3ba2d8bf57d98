import { useState } from 'react';
import { useStored } from '#src/ui/browser/use-stored.ts';
import { allowSound } from './chime.ts';

type Permission = NotificationPermission | 'impossible';

/** On plain http, and on some phones, pages cannot show notifications. */
const permission = (): Permission =>
  typeof Notification === 'undefined' || !window.isSecureContext ? 'impossible' : Notification.permission;

async function askPermission(): Promise<Permission> {
  return permission() === 'default' ? Notification.requestPermission() : permission();
}

/** How to notify in this browser when a job has ended. */
export function useNotificationPreferences() {
  const [sound, setSound] = useStored('comfyume.tell-by-sound', 'off');
  const [message, setMessage] = useStored('comfyume.tell-by-message', 'off');
  const [asked, setAsked] = useStored('comfyume.tell-asked', 'no');
  const [allowed, setAllowed] = useState<Permission | null>(null);
  return {
    sound: sound === 'on',
    message: message === 'on',
    /** Nobody is asked twice. */
    asked: asked === 'yes',
    setAsked: () => setAsked('yes'),
    /** Null before the first check: pages are rendered where there is no browser. */
    allowed,
    refreshPermission: () => setAllowed(permission()),
    /** Call it from a press: browsers require one. */
    setSoundWanted: async (wanted: boolean): Promise<void> => {
      setAsked('yes');
      setSound(wanted ? 'on' : 'off');
      if (wanted) await allowSound();
    },
    setMessageWanted: async (wanted: boolean): Promise<void> => {
      setAsked('yes');
      const answer = wanted ? await askPermission() : permission();
      setAllowed(answer);
      setMessage(wanted && answer === 'granted' ? 'on' : 'off');
    },
  };
}
