import { FilterX } from 'lucide-react';
import { Button } from '#src/ui/buttons/button.tsx';
import { conditionsOf, EVERYTHING, type Filter } from './filter.ts';
import { narrow } from './use-filter.ts';

/** Names the filters, with a button that clears them. */
export function NothingFound({ filter }: { filter: Filter }) {
  const conditions = conditionsOf(filter, new Date());
  const onlyAway = filter.removed && conditions.length === 1;
  return (
    <div className="flex flex-col items-start gap-3 rounded border border-dashed border-line p-6">
      <p className="max-w-prose text-15">
        {onlyAway ? 'The trash is empty.' : `Nothing found: ${conditions.join(', ')}.`}
      </p>
      {filter.rejected === 'hidden' && !filter.removed && (
        <p className="text-quiet">Rejected results are hidden. “Rejected: shown” includes them.</p>
      )}
      <Button icon={FilterX} onClick={() => narrow(EVERYTHING)}>
        Clear filters
      </Button>
    </div>
  );
}
