'use client';

import { useQuery } from '@tanstack/react-query';
import { Eye, Play } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRef, useState } from 'react';
import { changeAddress, useAddressQuery } from '#src/ui/browser/address.ts';
import { useKeys } from '#src/ui/browser/use-keys.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { useCompared } from '../compare/use-compared.ts';
import { NowStrip } from '../jobs/now-strip.tsx';
import { useSubmissions } from '../jobs/submissions.ts';
import { NotificationPrompt } from '../notifications/notification-prompt.tsx';
import { closeRunWith, useRunWith } from '../results/actions/run-with.ts';
import { Downloads } from '../results/downloads/downloads.tsx';
import { narrow } from '../results/filters/use-filter.ts';
import { ResultsSection } from '../results/grid/results-section.tsx';
import { useFileDrop } from '../run/use-file-drop.ts';
import { useFilePaste } from '../run/use-file-paste.ts';
import { WhoAmI } from '../session/who-am-i.tsx';
import { closeEditor, useEditedJob } from '../versions/edited-job.ts';

const Viewer = dynamic(() => loadPart(() => import('../viewer/viewer.tsx')).then((file) => file.Viewer), {
  ssr: false,
});
const Compare = dynamic(() => loadPart(() => import('../compare/compare.tsx')).then((file) => file.Compare), {
  ssr: false,
});
const RunDialog = dynamic(() => loadPart(() => import('../run/run-dialog.tsx')).then((file) => file.RunDialog), {
  ssr: false,
});

const EditDialog = dynamic(() => loadPart(() => import('../run/edit-dialog.tsx')).then((file) => file.EditDialog), {
  ssr: false,
});

/** This address with that result open; the filter stays. */
function address(id: string | null): string {
  const params = new URLSearchParams(window.location.search);
  if (id === null) params.delete('result');
  else params.set('result', id);
  return params.size === 0 ? '/' : `/?${params}`;
}

/** The result that is open in the viewer. It is part of the address, so that back, reload and copied links work. */
function useOpenResult() {
  const id = useAddressQuery().get('result');
  const pushed = useRef(false);
  return {
    id,
    open: (next: string): void => {
      pushed.current = true;
      changeAddress(address(next), 'push');
    },
    go: (next: string): void => changeAddress(address(next), 'replace'),
    close: (): void => {
      if (pushed.current) window.history.back();
      else changeAddress(address(null), 'replace');
      pushed.current = false;
    },
  };
}

export function WorkScreen() {
  const result = useOpenResult();
  const compared = useCompared();
  const sending = useSubmissions();
  const edited = useEditedJob();
  const [running, setRunning] = useState(false);
  const given = useRunWith();
  const [file, setFile] = useState<File | null>(null);
  const start = (): void => setRunning(true);
  const stop = (): void => {
    setRunning(false);
    setFile(null);
    closeRunWith();
  };
  useKeys({ r: start });
  const takeFile = ([first]: readonly File[]): void => {
    if (!first) return;
    setFile(first);
    setRunning(true);
  };
  const fileOver = useFileDrop(takeFile);
  useFilePaste(takeFile);

  return (
    <main className="flex flex-col gap-8 p-4 sm:p-6">
      <div className="flex flex-col gap-2">
        <h1 className="sr-only">Work</h1>
        <WhoAmI />
        <NowStrip
          sending={sending}
          onOpen={result.open}
          prompt={<NotificationPrompt />}
          button={
            <Button tone="accent" icon={Play} onClick={start}>
              Run a workflow
            </Button>
          }
        />
      </div>
      <ResultsSection
        openId={result.id}
        onOpen={result.open}
        onCompare={compared.open}
        empty={<Empty onStart={start} />}
      />
      {(running || given) && <RunDialog file={file} given={given} onFile={setFile} sending={sending} onClose={stop} />}
      {result.id !== null && !compared.ids && !given && (
        <Viewer id={result.id} onGo={result.go} onCompare={compared.open} onClose={result.close} />
      )}
      {compared.ids && <Compare ids={compared.ids} onGo={compared.go} onClose={compared.close} />}
      <Downloads />
      {edited !== null && <EditDialog key={edited} jobId={edited} onClose={closeEditor} />}
      {fileOver && (
        <p className="pointer-events-none fixed inset-2 z-50 flex items-center justify-center rounded border-2 border-dashed border-accent bg-page/85 text-20">
          Drop the workflow file to run it
        </p>
      )}
    </main>
  );
}

function Empty({ onStart }: { onStart: () => void }) {
  const trpc = useTRPC();
  const hasPreviews = (useQuery(trpc.results.count.queryOptions({ previews: true })).data ?? 0) > 0;
  return (
    <div className="flex flex-col items-start gap-3 rounded border border-dashed border-line p-6">
      <p className="max-w-prose text-15">
        Your results will appear here. Start with a sample or drop a workflow file anywhere on this page.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button icon={Play} onClick={onStart}>
          Pick a sample
        </Button>
        {hasPreviews && (
          <Button icon={Eye} onClick={() => narrow({ previews: true })}>
            Show previews
          </Button>
        )}
      </div>
    </div>
  );
}
