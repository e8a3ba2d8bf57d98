'use client';

import { Button } from '#src/ui/button.tsx';
import { PlainPage } from './plain-page.tsx';

export function BrokenScreen({ onRetry }: { onRetry: () => void }) {
  return (
    <PlainPage title="This page stopped working">
      <p className="text-15">Your jobs go on and your results are safe. Load the page again to continue.</p>
      <Button tone="accent" onClick={onRetry}>
        Load it again
      </Button>
    </PlainPage>
  );
}
