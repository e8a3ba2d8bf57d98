import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { join } from '#src/ui/join.ts';

/** Readable over any picture. */
export const CONTROL =
  'inline-flex size-10 items-center justify-center rounded bg-black/60 text-white transition-[background-color] hover:bg-black/85 aria-pressed:bg-white aria-pressed:text-black disabled:opacity-40';

type ControlProps = ComponentProps<'button'> & { icon: LucideIcon; label: string; iconClass?: string };

export function Control({ icon: Icon, label, className, iconClass, ...rest }: ControlProps) {
  return (
    <button type="button" aria-label={label} title={label} className={join(CONTROL, className)} {...rest}>
      <Icon size={20} aria-hidden className={iconClass} />
    </button>
  );
}
