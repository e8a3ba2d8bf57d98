import { useEffect, useState } from 'react';

const SLOW_MS = 10_000;

/** A placeholder while results load. */
export function GridSkeleton() {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label="Loading results" className="flex flex-col gap-2">
      {slow && <p className="text-quiet">Still loading your results.</p>}
      {[3, 4].map((boxes) => (
        <div key={boxes} className="flex gap-2">
          {Array.from({ length: boxes }, (_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: grey boxes have no identity
            <div key={i} className="h-44 grow rounded bg-panel" />
          ))}
        </div>
      ))}
    </div>
  );
}
