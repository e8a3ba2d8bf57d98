import type { Warning } from '#src/domain/warning.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Warnings } from '../jobs/warnings.tsx';

/** The warnings of a job that was just submitted. */
export function SentWithWarnings({ warnings, onClose }: { warnings: readonly Warning[]; onClose: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <p role="status">Your job is queued. Some things work differently than in your own ComfyUI:</p>
      <Warnings warnings={warnings} />
      <Button tone="accent" className="self-end" autoFocus onClick={onClose}>
        Close
      </Button>
    </div>
  );
}
