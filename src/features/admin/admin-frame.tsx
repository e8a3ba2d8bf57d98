'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';
import { join } from '#src/ui/join.ts';
import { NotFoundScreen } from '../frame/not-found-screen.tsx';
import { useMe } from '../session/use-me.ts';

const SECTIONS = [
  { href: '/admin', name: 'Overview' },
  { href: '/admin/queue', name: 'Queue' },
  { href: '/admin/participants', name: 'Participants' },
  { href: '/admin/endpoints', name: 'Endpoints' },
  { href: '/admin/storage', name: 'Storage' },
  { href: '/admin/announce', name: 'Announce' },
  { href: '/admin/logs', name: 'Browser logs' },
  { href: '/admin/events', name: 'Events' },
  { href: '/admin/settings', name: 'Settings' },
];

/** The frame of the operators' pages. Others see "Page not found". */
export function AdminFrame({ children }: { children: ReactNode }) {
  const me = useMe();
  const here = usePathname();
  const current = useRef<HTMLAnchorElement>(null);
  // On a phone the current one may be scrolled out of view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another page is shown
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [here]);
  if (me?.role === 'participant') return <NotFoundScreen />;
  const isHere = (href: string) =>
    here === href ||
    (href !== '/admin' && here.startsWith(`${href}/`)) ||
    (href === '/admin/queue' && here.startsWith('/admin/jobs/'));
  return (
    <div className="flex min-w-0 grow flex-col">
      <nav
        aria-label="Admin"
        className="sticky top-0 z-20 flex gap-1 overflow-x-auto border-b border-line bg-page px-2 print:hidden"
      >
        {SECTIONS.map(({ href, name }) => (
          <Link
            key={href}
            href={href}
            ref={isHere(href) ? current : null}
            prefetch={false}
            aria-current={isHere(href) ? 'page' : undefined}
            className={join(
              'flex min-h-10 items-center border-b-2 px-2 whitespace-nowrap',
              isHere(href) ? 'border-accent text-text' : 'border-transparent text-quiet hover:text-text',
            )}
          >
            {name}
          </Link>
        ))}
      </nav>
      <main className="flex max-w-[1320px] flex-col gap-8 p-4 sm:p-6 print:p-0">{me && children}</main>
    </div>
  );
}
