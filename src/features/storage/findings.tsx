import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleX, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { ago, counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

const LEVELS = {
  fault: [CircleX, 'text-failed', 'Fault'],
  warn: [CircleAlert, 'text-accent', 'Warning'],
  ok: [CircleCheck, 'text-done', 'OK'],
} as const;
const RANK = { fault: 0, warn: 1, ok: 2 } as const;

/** The findings of the health check. */
export function Findings() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const found = useQuery(trpc.admin.storage.findings.queryOptions());
  const check = useMutation(
    trpc.admin.storage.look.mutationOptions({
      onSuccess: (next) => queryClient.setQueryData(trpc.admin.storage.findings.queryKey(), next),
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  const [all, setAll] = useState(false);
  const sorted = found.data?.findings.toSorted((a, b) => RANK[a.level] - RANK[b.level]) ?? [];
  const well = sorted.filter(({ level }) => level === 'ok').length;
  const shown = all ? sorted : sorted.filter(({ level }) => level !== 'ok');

  return (
    <section aria-labelledby="findings" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="findings" className="text-15 font-semibold">
          Health check
        </h2>
        {found.data && <LastChecked at={found.data.at} />}
        <Button className="ml-auto" icon={RotateCw} disabled={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? 'Checking' : 'Check again'}
        </Button>
      </div>
      {found.isPending && <div aria-hidden className="h-16 animate-pulse-quiet rounded bg-panel" />}
      {found.isError && <p role="alert">{failureOf(found.error).sentence}</p>}
      {shown.length > 0 && (
        <ul aria-label="Findings" className="divide-y divide-line rounded border border-line bg-panel">
          {shown.map(({ level, what, sentence, doThis }) => {
            const [Icon, iconClass, word] = LEVELS[level];
            return (
              <li key={`${what} ${sentence}`} className="grid grid-cols-[16px_1fr] gap-x-3 px-3 py-2">
                <Icon size={16} role="img" aria-label={word} className={`mt-0.5 ${iconClass}`} />
                <div className="min-w-0 break-words">
                  <span className="font-semibold">{what}</span> {sentence}
                  {doThis !== null && <p className="text-quiet">{doThis}</p>}
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {well > 0 && (
        <Button tone="quiet" className="-mx-3 self-start" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show problems only' : `${counted(well, 'check')} passed; show all`}
        </Button>
      )}
    </section>
  );
}

function LastChecked({ at }: { at: string }) {
  const now = useNow();
  return <span className="text-quiet">{now === 0 ? '' : `checked ${ago(new Date(at), new Date(now))}`}</span>;
}
