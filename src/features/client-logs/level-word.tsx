import { OctagonX, TriangleAlert } from 'lucide-react';
import type { LogLevel } from '#src/domain/client-logs/browser-log.ts';
import { StateWord } from '#src/ui/state-word.tsx';

/** Grey and amber: what went wrong in somebody's tab is seldom for the operator to fix this minute, and red is kept for what is. */
export function LevelWord({ level }: { level: LogLevel }) {
  return level === 'error' ? (
    <StateWord icon={OctagonX} look="text-accent">
      Error
    </StateWord>
  ) : (
    <StateWord icon={TriangleAlert} look="text-quiet">
      Warning
    </StateWord>
  );
}

export const SOURCE_WORDS = { comfyui: 'ComfyUI tab', comfyume: 'comfyume' } as const;
