import { useQuery } from '@tanstack/react-query';
import { Dices, Grid2x2, type LucideIcon, PenLine, RotateCw } from 'lucide-react';
import { Button } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { editJob } from './edited-job.ts';
import { useVary, VERSIONS, type VersionKind } from './use-vary.ts';

const ICONS: Record<VersionKind, LucideIcon> = { again: RotateCw, newSeed: Dices, vary: Grid2x2 };
const KINDS = ['newSeed', 'vary', 'again'] as const satisfies readonly VersionKind[];

type Job = { readonly id: string; readonly title: string };

/** What to make of a job next. */
export function VersionButtons({ job }: { job: Job }) {
  const vary = useVary();
  const make = async (kind: VersionKind): Promise<void> => {
    const why = await vary(job, VERSIONS[kind].version, VERSIONS[kind].queued);
    if (why !== null) notifyFailure(why);
  };
  return (
    <div className="grid grid-cols-2 gap-2">
      <Button icon={PenLine} title="Edit and run (E)" onClick={() => editJob(job.id)}>
        Edit and run
      </Button>
      {KINDS.map((kind) => (
        <Button
          key={kind}
          icon={ICONS[kind]}
          title={`${VERSIONS[kind].label} (${VERSIONS[kind].key})`}
          onClick={() => void make(kind)}
        >
          {VERSIONS[kind].label}
        </Button>
      ))}
    </div>
  );
}

const STATES: Readonly<Record<string, string>> = { failed: 'Failed', cancelled: 'Cancelled', completed: 'No results' };

/** The versions of a job, newest first, with what each changed. Nothing where it is the only one. */
export function VersionList({ jobId, onOpen }: { jobId: string; onOpen: (resultId: string) => void }) {
  const trpc = useTRPC();
  const versions = useQuery(trpc.jobs.versions.queryOptions({ id: jobId })).data ?? [];
  if (versions.length < 2) return null;
  return (
    <section>
      <h3 id="versions" className="pb-1 text-12 text-quiet">
        Versions
      </h3>
      <ol aria-labelledby="versions" className="flex max-h-60 flex-col overflow-y-auto">
        {versions.map(({ id, status, changes, resultId }, at) => {
          const number = versions.length - at;
          const isShown = id === jobId;
          const words = changes ?? (number === 1 ? 'First version' : 'No changes');
          return (
            <li key={id} className="border-t border-line">
              <button
                type="button"
                aria-current={isShown || undefined}
                disabled={resultId === null || isShown}
                onClick={() => resultId !== null && onOpen(resultId)}
                className={join(
                  'flex min-h-8 w-full items-baseline gap-3 py-1 text-left pointer-coarse:min-h-10',
                  isShown ? 'font-semibold' : resultId !== null && 'hover:bg-raised',
                )}
              >
                <span className="w-6 shrink-0 text-12 text-quiet tabular-nums">{number}</span>
                <span className="min-w-0 grow wrap-anywhere">{words}</span>
                {resultId === null && (
                  <span className="shrink-0 text-12 text-quiet">{STATES[status] ?? 'In progress'}</span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
