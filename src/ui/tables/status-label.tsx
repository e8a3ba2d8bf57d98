import type { LucideIcon } from 'lucide-react';
import { join } from '../join.ts';

type StatusLabelProps = { icon: LucideIcon; iconClass: string; children: string };

/** A state: colour, icon and word together, so that none has to be seen for the others. */
export function StatusLabel({ icon: Icon, iconClass, children }: StatusLabelProps) {
  return (
    <span className="inline-flex items-center gap-1.5 align-top">
      <Icon size={16} aria-hidden className={join('shrink-0', iconClass)} />
      {children}
    </span>
  );
}
