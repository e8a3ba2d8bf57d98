import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { Download, FileJson, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AppRouter } from '#src/api/router.ts';
import { Button, buttonLook } from '#src/ui/button.tsx';
import { CopyButton } from '#src/ui/copy-button.tsx';
import { clock, fileSize } from '#src/ui/measures.ts';
import { notify, notifyFailure } from '#src/ui/notify.ts';
import { tookWords } from '../jobs/phase-words.ts';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import { saveJson } from './save-json.ts';
import { downloadUrl } from './tile.tsx';

type Detail = inferRouterOutputs<AppRouter>['results']['get'];

const stem = (filename: string): string => filename.replace(/\.[^.]+$/, '');

export function MadeWithPanel({ detail }: { detail: Detail }) {
  const { result, job, madeWith } = detail;
  const size = result.width && result.height ? `${result.width} × ${result.height}` : null;
  const took = tookWords(job);
  const sampler = [madeWith.sampler, madeWith.scheduler].filter(Boolean).join(', ');
  return (
    <div className="flex flex-col gap-4 text-text">
      <header>
        <h2 className="text-15 font-semibold">{job.title || 'Untitled'}</h2>
        <p className="text-quiet">{result.filename}</p>
      </header>
      <Words name="Prompt" text={madeWith.prompt} copy="Copy prompt" />
      <Words name="Negative" text={madeWith.negative} />
      <dl className="flex flex-col">
        <Fact name="Model">{madeWith.model}</Fact>
        <Fact name="LoRA">{madeWith.loras.join(', ') || null}</Fact>
        <Fact name="Sampler">{sampler || null}</Fact>
        <Fact name="Steps">{madeWith.steps}</Fact>
        <Fact name="CFG">{madeWith.cfg}</Fact>
        <Fact name="Seed" copy={madeWith.seed}>
          {madeWith.seed}
        </Fact>
        <Fact name="Size">{size}</Fact>
        <Fact name="Frames">{madeWith.frames}</Fact>
        <Fact name="Length">{result.duration === null ? null : clock(result.duration * 1000)}</Fact>
        <Fact name="File">{fileSize(result.bytes)}</Fact>
        <Fact name="Made">
          {new Date(result.createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
        </Fact>
        <Fact name="Took">{took}</Fact>
      </dl>
      <div className="flex flex-col gap-2">
        <a href={downloadUrl(result)} download className={buttonLook('accent')}>
          <Download size={16} aria-hidden />
          Download
        </a>
        <WorkflowButtons jobId={job.id} name={stem(result.filename)} />
      </div>
    </div>
  );
}

function Words({ name, text, copy }: { name: string; text: string | null; copy?: string }) {
  if (text === null) return null;
  return (
    <section aria-label={name}>
      <div className="flex min-h-8 items-center justify-between">
        <h3 className="text-12 text-quiet">{name}</h3>
        {copy && <CopyButton compact text={text} label={copy} />}
      </div>
      <p className="max-h-48 overflow-y-auto whitespace-pre-wrap">{text}</p>
    </section>
  );
}

type FactProps = { name: string; children: ReactNode; copy?: number | null };

function Fact({ name, children, copy = null }: FactProps) {
  if (children === null) return null;
  return (
    <div className="flex min-h-8 items-center gap-3 border-t border-line">
      <dt className="w-16 shrink-0 text-12 text-quiet">{name}</dt>
      <dd className="flex min-w-0 grow items-center justify-between tabular-nums">
        <span className="min-w-0 py-1">{children}</span>
        {copy !== null && <CopyButton compact text={String(copy)} label="Copy seed" />}
      </dd>
    </div>
  );
}

function WorkflowButtons({ jobId, name }: { jobId: string; name: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: async (format: 'api' | 'editor') => {
      const { prompt, workflow } = await queryClient.fetchQuery(trpc.jobs.graph.queryOptions({ id: jobId }));
      if (format === 'api') saveJson(prompt, `${name}.api.json`);
      else if (workflow) saveJson(workflow, `${name}.workflow.json`);
      else notify('This job came without the editor’s own workflow. The API format opens in the editor too.');
    },
    onError: (error) => notifyFailure(failureOf(error).sentence),
  });
  return (
    <>
      <Button icon={Workflow} onClick={() => save.mutate('editor')}>
        Workflow for the editor
      </Button>
      <Button icon={FileJson} onClick={() => save.mutate('api')}>
        Workflow in API format
      </Button>
    </>
  );
}
