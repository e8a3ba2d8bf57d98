'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../api-client/trpc.ts';

export function DemoBanner() {
  const trpc = useTRPC();
  const info = useQuery(trpc.session.info.queryOptions());
  if (!info.data?.demo) return null;
  return (
    <aside aria-label="Notice" className="print:hidden border-b border-line bg-raised px-4 py-1 text-center text-12">
      <p role="note">Simulated GPUs: results are placeholders.</p>
    </aside>
  );
}
