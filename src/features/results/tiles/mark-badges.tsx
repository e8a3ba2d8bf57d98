import { Ban, Heart, Presentation, Star } from 'lucide-react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';

/** Badges of a result's marks. */
export function MarkBadges({ result, className }: { result: ResultView; className: string }) {
  const { favourite, rating, rejected, onWall } = result;
  if (!favourite && rating === 0 && !rejected && !onWall) return null;
  return (
    <span
      aria-hidden
      className={join('flex h-6 items-center gap-1.5 rounded bg-black/60 px-1.5 text-12 text-white', className)}
    >
      {favourite && <Heart size={12} className="fill-current" />}
      {rating > 0 && (
        <span className="inline-flex items-center gap-0.5">
          <Star size={12} className="fill-current" />
          {rating}
        </span>
      )}
      {rejected && <Ban size={12} strokeWidth={3} />}
      {onWall && <Presentation size={12} />}
    </span>
  );
}
