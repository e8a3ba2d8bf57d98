import type { LucideIcon } from 'lucide-react';
import { join } from '../join.ts';

type StatusLabelProps = { icon: LucideIcon; iconClass: string; children: string };

/** A status as icon, colour and word, so that none of them is needed to understand it. */
export function StatusLabel({ icon: Icon, iconClass, children }: StatusLabelProps) {
  return (
    <span className="inline-flex items-center gap-1.5 align-top">
      <Icon size={16} aria-hidden className={join('shrink-0', iconClass)} />
      {children}
    </span>
  );
}
