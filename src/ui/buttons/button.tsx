import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { join } from '../join.ts';

export type Tone = 'accent' | 'plain' | 'quiet';

const TONES: Record<Tone, string> = {
  accent: 'bg-accent text-on-accent font-semibold hover:brightness-90',
  plain: 'border border-edge/60 bg-panel text-text hover:bg-raised',
  quiet: 'text-quiet hover:bg-raised hover:text-text',
};

/** For links that look like a button. */
export const buttonClass = (tone: Tone, className?: string): string =>
  join(
    'inline-flex min-h-8 items-center justify-center gap-2 rounded px-3 py-1 text-13 whitespace-nowrap transition-[opacity,background-color,color]',
    'pointer-coarse:min-h-10 disabled:opacity-50 disabled:hover:bg-inherit aria-disabled:opacity-50',
    TONES[tone],
    className,
  );

type ButtonProps = ComponentProps<'button'> & { tone?: Tone; icon?: LucideIcon };

export function Button({ tone = 'plain', icon: Icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={buttonClass(tone, className)} {...rest}>
      {Icon && <Icon size={16} aria-hidden />}
      {children}
    </button>
  );
}

/** For a button that shows only an icon. */
export const iconClass = (className?: string): string =>
  join(
    'inline-flex size-8 shrink-0 items-center justify-center rounded text-quiet transition-[opacity,background-color,color]',
    'hover:bg-raised hover:text-text pointer-coarse:size-10 disabled:opacity-50',
    className,
  );

type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & { icon: LucideIcon; label: string };

export function IconButton({ icon: Icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} className={iconClass(className)} {...rest}>
      <Icon size={16} aria-hidden />
    </button>
  );
}
