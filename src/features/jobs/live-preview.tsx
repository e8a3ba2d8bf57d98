import { useEffect } from 'react';
import { clearLivePreview, useLivePreview } from './live-previews.ts';

const wantsStillness = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** What a worker shows of the picture that it renders; nothing where it shows none, or where motion is unwanted. */
export function LivePreview({ jobId, title }: { jobId: string; title: string }) {
  const url = useLivePreview(jobId);
  useEffect(() => () => clearLivePreview(jobId), [jobId]);
  if (url === null || wantsStillness()) return null;
  return (
    // biome-ignore lint/performance/noImgElement: a data: address, which changes several times a second
    <img
      src={url}
      alt={`Preview of ${title}`}
      className="h-24 max-w-full self-start rounded bg-raised object-contain"
    />
  );
}
