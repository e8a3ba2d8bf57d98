'use client';

import { Button } from '#src/ui/buttons/button.tsx';
import { PlainPage } from './plain-page.tsx';

export function ErrorScreen({ onRetry }: { onRetry: () => void }) {
  return (
    <PlainPage title="This page stopped working">
      <p className="text-15">Your jobs keep running and your results are safe. Reload the page to continue.</p>
      <Button tone="accent" onClick={onRetry}>
        Reload
      </Button>
    </PlainPage>
  );
}
