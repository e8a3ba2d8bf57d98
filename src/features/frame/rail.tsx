'use client';

import {
  Images,
  ImageUp,
  Keyboard,
  type LucideIcon,
  Presentation,
  SlidersHorizontal,
  UserRound,
  Workflow,
} from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { UserView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { useComfyui } from '../session/use-comfyui.ts';
import { Mark } from './wordmark.tsx';

type Place = { href: string; name: string; icon: LucideIcon };

const WORK: Place = { href: '/', name: 'Work', icon: Images };
const INPUTS: Place = { href: '/inputs', name: 'Inputs', icon: ImageUp };
const WALL: Place = { href: '/wall', name: 'Wall', icon: Presentation };
const ACCOUNT: Place = { href: '/account', name: 'Account', icon: UserRound };
const ADMIN: Place = { href: '/admin', name: 'Admin', icon: SlidersHorizontal };

const OWN: readonly Place[] = [WORK, INPUTS, WALL, ACCOUNT];

const SPOT =
  'flex min-h-12 grow basis-0 flex-col items-center justify-center gap-0.5 rounded text-12 transition-[background-color,color] sm:min-h-14 sm:w-16 sm:grow-0 sm:basis-auto';

export function Rail({ user, onShortcuts }: { user: UserView | null | undefined; onShortcuts: () => void }) {
  const here = usePathname();
  const comfyui = useComfyui();
  const places = user?.role === 'operator' ? [...OWN, ADMIN] : OWN;
  const isHere = (href: string) => here === href || (href === ADMIN.href && here.startsWith(`${href}/`));
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-20 flex print:hidden border-t border-line bg-panel p-1 sm:sticky sm:inset-auto sm:top-0 sm:h-dvh sm:shrink-0 sm:flex-col sm:gap-1 sm:border-t-0 sm:border-r"
    >
      <span className="hidden h-12 items-center justify-center text-text sm:flex" title="comfyume">
        <Mark />
      </span>
      {places.map(({ href, name, icon: Icon }) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          aria-current={isHere(href) ? 'page' : undefined}
          className={join(SPOT, isHere(href) ? 'bg-raised text-text' : 'text-quiet hover:bg-raised hover:text-text')}
        >
          <Icon size={20} aria-hidden />
          {name}
        </Link>
      ))}
      {comfyui !== null && user?.role === 'participant' && (
        <a
          href={comfyui}
          target="_blank"
          rel="noreferrer"
          className={join(SPOT, 'text-quiet hover:bg-raised hover:text-text')}
        >
          <Workflow size={20} aria-hidden />
          ComfyUI
        </a>
      )}
      <button
        type="button"
        onClick={onShortcuts}
        className={join(
          SPOT,
          'hidden text-quiet hover:bg-raised hover:text-text sm:mt-auto sm:flex pointer-coarse:hidden',
        )}
      >
        <Keyboard size={20} aria-hidden />
        Shortcuts
      </button>
    </nav>
  );
}
