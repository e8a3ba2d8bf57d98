import { Star } from 'lucide-react';
import { join } from '#src/ui/join.ts';

const FIVE = [1, 2, 3, 4, 5] as const;

type StarsProps = {
  rating: number;
  /** What is rated, for screen readers. */
  of: string;
  tabIndex?: number;
  className: string;
  onRate: (stars: number) => void;
};

/** One to five stars; a press on the current rating clears it. */
export function Stars({ rating, of, tabIndex, className, onRate }: StarsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand inside a line of text
    <span role="group" aria-label={`Stars for ${of}`} className="inline-flex">
      {FIVE.map((star) => (
        <button
          key={star}
          type="button"
          aria-pressed={star <= rating}
          aria-label={`${star} of 5 stars for ${of}`}
          title={star === rating ? 'Clear rating (0)' : `${star} of 5 stars (${star})`}
          tabIndex={tabIndex}
          onClick={() => onRate(star === rating ? 0 : star)}
          className={join('inline-flex items-center justify-center rounded hover:bg-white/20', className)}
        >
          <Star size={16} aria-hidden className={join(star <= rating && 'fill-current')} />
        </button>
      ))}
    </span>
  );
}
