import type { ReactNode } from 'react';
import { Wordmark } from './wordmark.tsx';

/** A page with one thing to say and what to press next. */
export function PlainPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-[480px] flex-col items-start justify-center gap-4 p-4 pb-[16dvh]">
      <Wordmark />
      <h1 className="text-28 font-semibold">{title}</h1>
      {children}
    </main>
  );
}
