import { OctagonX, TriangleAlert } from 'lucide-react';
import type { LogLevel } from '#src/domain/client-logs/browser-log.ts';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';

/** Grey and amber: an error in a participant's tab is rarely for the operator to fix at once, and red is kept for what is. */
export function LevelLabel({ level }: { level: LogLevel }) {
  return level === 'error' ? (
    <StatusLabel icon={OctagonX} iconClass="text-accent">
      Error
    </StatusLabel>
  ) : (
    <StatusLabel icon={TriangleAlert} iconClass="text-quiet">
      Warning
    </StatusLabel>
  );
}

export const SOURCE_WORDS = { comfyui: 'ComfyUI tab', comfyume: 'comfyume' } as const;
