import { useSubscription } from '@trpc/tanstack-react-query';
import { type ReactNode, useState } from 'react';
import { useWantsMotion } from '#src/ui/browser/use-wants-motion.ts';
import { join } from '#src/ui/join.ts';
import { useTRPC } from '../api-client/trpc.ts';

type LivePreviewProps = {
  jobId: string;
  title: string;
  className: string;
  /** Shown until there is a picture. */
  fallback?: ReactNode;
};

/** What a worker shows of the picture that it renders; nothing where it shows none. Pictures come only while they are seen and motion is wanted. */
export function LivePreview({ jobId, title, className, fallback = null }: LivePreviewProps) {
  const trpc = useTRPC();
  const enabled = useWantsMotion();
  const [url, setUrl] = useState<string | null>(null);
  useSubscription(
    trpc.jobs.onPreview.subscriptionOptions({ id: jobId }, { enabled, onData: (preview) => setUrl(preview.url) }),
  );
  if (url === null) return fallback;
  return (
    // biome-ignore lint/performance/noImgElement: a data: address, which changes several times a second
    <img
      src={url}
      alt={`Preview of ${title}`}
      className={join('max-w-full animate-arrive self-start rounded bg-raised object-contain', className)}
    />
  );
}
