import { useEffect, useState } from 'react';

/** Whether the page fills the screen, and the switch; null where the browser cannot (phones, often). */
export function useFullScreen(): { on: boolean; toggle: (() => void) | null } {
  const [on, setOn] = useState(() => document.fullscreenElement !== null);
  useEffect(() => {
    const follow = (): void => setOn(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', follow);
    return () => {
      document.removeEventListener('fullscreenchange', follow);
      // Leaving the page also leaves full screen.
      if (document.fullscreenElement) void document.exitFullscreen();
    };
  }, []);
  const toggle = (): void => {
    if (document.fullscreenElement) void document.exitFullscreen();
    // If the browser refuses, nothing changes.
    else document.documentElement.requestFullscreen().catch(() => undefined);
  };
  return { on, toggle: document.fullscreenEnabled ? toggle : null };
}
