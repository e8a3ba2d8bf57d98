import {
  CircleAlert,
  CircleCheck,
  CircleSlash,
  Clapperboard,
  Download,
  HardDrive,
  Hourglass,
  type LucideIcon,
  Pause,
  Power,
  Send,
} from 'lucide-react';
import type { Phase } from '#src/domain/jobs/phase.ts';
import { isHeldUp } from '#src/domain/messages/phase-words.ts';
import type { Job } from './jobs-cache.ts';

/** An icon, and the class names of its colour and animation. */
export type Sign = { readonly icon: LucideIcon; readonly iconClass: string };

const SIGNS: Record<Phase, Sign> = {
  waiting: { icon: Hourglass, iconClass: 'text-quiet' },
  sent: { icon: Send, iconClass: 'text-waking' },
  waking: { icon: Power, iconClass: 'text-waking animate-pulse-quiet' },
  rendering: { icon: Clapperboard, iconClass: 'text-accent animate-pulse-quiet' },
  delivering: { icon: Download, iconClass: 'text-accent' },
  done: { icon: CircleCheck, iconClass: 'text-done' },
  failed: { icon: CircleAlert, iconClass: 'text-failed' },
  cancelled: { icon: CircleSlash, iconClass: 'text-quiet' },
};

const HELD_UP: Sign = { icon: HardDrive, iconClass: 'text-accent' };
const PAUSED: Sign = { icon: Pause, iconClass: 'text-quiet' };

export function signOf(job: Pick<Job, 'phase' | 'reason'>, paused = false): Sign {
  if (isHeldUp(job)) return HELD_UP;
  return paused && job.phase === 'waiting' ? PAUSED : SIGNS[job.phase];
}
