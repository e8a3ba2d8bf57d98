'use client';

import { CloudOff } from 'lucide-react';
import { useAway } from './live-provider.tsx';

export function LiveBanner() {
  const away = useAway();
  return (
    <div role="status" aria-label="Connection">
      {away && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-raised px-4 py-1 text-12">
          <CloudOff size={16} aria-hidden className="text-accent" />
          Live updates are off, reconnecting. Your jobs keep running.
        </p>
      )}
    </div>
  );
}
