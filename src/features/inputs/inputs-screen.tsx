'use client';

import dynamic from 'next/dynamic';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { Skeleton } from './skeleton.tsx';

const Library = dynamic(() => loadPart(() => import('./library.tsx')).then((file) => file.Library), {
  ssr: false,
  loading: Skeleton,
});

/** Everything that a person has uploaded for their workflows. */
export function InputsScreen() {
  return (
    <main className="flex grow flex-col gap-4 p-4 sm:p-6">
      <h1 className="-mb-4 text-20 font-semibold">Inputs</h1>
      <Library />
    </main>
  );
}
