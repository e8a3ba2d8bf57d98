import { useState } from 'react';
import type { Job } from './jobs-cache.ts';

/** The picture that a job loads; nothing where there is none, or none can be drawn. */
export function InputThumb({ input }: Pick<Job, 'input'>) {
  const [missing, setMissing] = useState<string | null>(null);
  if (input === null || missing === input.id) return null;
  return (
    // biome-ignore lint/performance/noImgElement: the server makes the thumbnails itself
    <img
      src={`/files/inputs/${encodeURIComponent(input.id)}/thumb`}
      alt=""
      title="Input picture"
      decoding="async"
      loading="lazy"
      onError={() => setMissing(input.id)}
      className="h-10 w-14 rounded bg-raised object-contain"
    />
  );
}
