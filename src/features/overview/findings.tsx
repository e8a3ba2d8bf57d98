import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import Link from 'next/link';
import { useEffect } from 'react';
import type { ClassFinding, Help } from '#src/domain/health/class-findings.ts';
import { counted } from '#src/domain/measures.ts';
import { useStored } from '#src/ui/browser/use-stored.ts';
import { Button, buttonClass, IconButton } from '#src/ui/buttons/button.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { boardAddress } from '../queue/board-filter.ts';
import { useQueue } from '../queue/queue-panel.tsx';
import { useJobActions } from '../queue/use-job-actions.ts';
import { findingKey, sortOut } from './dismissed.ts';

const SEPARATOR = '\n';

/** Dismissed findings, in this browser; one that has ended is no longer dismissed. */
function useDismissed(findings: readonly ClassFinding[]) {
  const [stored, setStored] = useStored('comfyume.dismissed-findings', '');
  const keys = stored === '' ? [] : stored.split(SEPARATOR);
  const { shown, hidden } = sortOut(findings, keys);
  const kept = hidden.map(findingKey).join(SEPARATOR);
  useEffect(() => {
    if (kept !== stored) setStored(kept);
  }, [kept, stored, setStored]);
  return {
    shown,
    hidden,
    dismiss: (finding: ClassFinding): void => setStored([...keys, findingKey(finding)].join(SEPARATOR)),
    showAll: (): void => setStored(''),
  };
}

/** Problems, each with the button that helps. Space for one is reserved. */
export function Findings({ findings }: { findings: readonly ClassFinding[] }) {
  const { shown, hidden, dismiss, showAll } = useDismissed(findings);
  const count = shown.length;
  return (
    <section aria-label="Needs attention" className="min-h-10">
      <p role="status" className="sr-only">
        {count === 0
          ? hidden.length === 0
            ? 'No problems.'
            : 'No new problems.'
          : counted(count, 'problem', 'problems')}
      </p>
      {count === 0 ? (
        <div className="flex min-h-10 items-center gap-x-3">
          <span aria-hidden>
            <StatusLabel
              icon={hidden.length === 0 ? CircleCheck : Info}
              iconClass={hidden.length === 0 ? 'text-done' : 'text-quiet'}
            >
              {hidden.length === 0 ? 'No problems.' : 'No new problems.'}
            </StatusLabel>
          </span>
          <Dismissed count={hidden.length} onShow={showAll} />
        </div>
      ) : (
        <ul className="rounded border border-line bg-panel">
          {shown.map((finding) => (
            <li
              key={findingKey(finding)}
              className="flex min-h-10 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-line px-3 py-1 first:border-0"
            >
              <StatusLabel
                icon={finding.urgent ? TriangleAlert : Info}
                iconClass={finding.urgent ? 'text-failed' : 'text-accent'}
              >
                {finding.sentence}
              </StatusLabel>
              <span className="flex items-center justify-between gap-1 max-sm:w-full">
                <Helping help={finding.help} />
                <IconButton icon={X} label={`Dismiss: ${finding.sentence}`} onClick={() => dismiss(finding)} />
              </span>
            </li>
          ))}
          {hidden.length > 0 && (
            <li className="border-t border-line px-3 py-1">
              <Dismissed count={hidden.length} onShow={showAll} />
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function Dismissed({ count, onShow }: { count: number; onShow: () => void }) {
  if (count === 0) return null;
  return <Button tone="quiet" className="-mx-3" onClick={onShow}>{`${count} dismissed. Show`}</Button>;
}

function Helping({ help }: { help: Help }) {
  const queue = useQueue();
  const actions = useJobActions();
  switch (help.type) {
    case 'resume':
      return (
        <Button tone="accent" disabled={queue.isBusy} onClick={() => queue.take('resume')}>
          Resume the queue
        </Button>
      );
    case 'enable':
      return <Switch {...help} enabled />;
    case 'disable':
      return <Switch {...help} enabled={false} />;
    case 'open':
      return <Open {...help} />;
    case 'to front':
      return <Button onClick={() => actions.toFront([help.jobId])}>Move to the front</Button>;
    case 'show failed':
      return <Go href={boardAddress({ state: 'failed', reason: help.reason })} words="Show jobs" />;
    case 'show queue':
      return <Go href={boardAddress({ state: 'on GPUs' })} words="Show jobs" />;
    case 'show endpoints':
      return <Go href="/admin/endpoints" words="Endpoints" />;
    case 'show storage':
      return <Go href="/admin/storage" words="Storage" />;
  }
}

const Go = ({ href, words }: { href: string; words: string }) => (
  <Link href={href} prefetch={false} className={buttonClass('plain')}>
    {words}
  </Link>
);

function Open({ endpointId, name }: { endpointId: string; name: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const open = useMutation(
    trpc.admin.endpoints.open.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.admin.pathFilter()),
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  return (
    <Button disabled={open.isPending} onClick={() => open.mutate({ id: endpointId })}>
      {`Resume ${name} now`}
    </Button>
  );
}

function Switch({ endpointId, name, enabled }: { endpointId: string; name: string; enabled: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const set = useMutation(
    trpc.admin.endpoints.setEnabled.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.admin.pathFilter()),
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  return (
    <Button disabled={set.isPending} onClick={() => set.mutate({ id: endpointId, enabled })}>
      {enabled ? `Enable ${name}` : `Disable ${name}`}
    </Button>
  );
}
