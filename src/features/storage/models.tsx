import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, FileSearch } from 'lucide-react';
import { useState } from 'react';
import { groupBy } from '#src/domain/group-by.ts';
import { counted, fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { SelectField } from '#src/ui/forms/field.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { missingWords, nearWords } from './model-words.ts';

/** Scans the models on the share, so only on demand. */
export function Models() {
  const trpc = useTRPC();
  const workflows = useQuery(trpc.admin.workflows.list.queryOptions());
  const models = useQuery(
    trpc.admin.storage.models.queryOptions(undefined, { enabled: false, staleTime: Number.POSITIVE_INFINITY }),
  );
  const [chosen, setChosen] = useState('');
  const runnable = workflows.data?.filter(({ canRun }) => canRun) ?? [];
  const files = models.data?.files;
  return (
    <section aria-labelledby="models" className="flex flex-col items-start gap-3">
      <h2 id="models" className="text-15 font-semibold">
        Models on the share
      </h2>
      {runnable.length > 0 && (
        <div className="w-full max-w-[420px]">
          <SelectField
            label="Check a workflow’s models"
            value={chosen}
            onChange={(event) => setChosen(event.target.value)}
          >
            <option value="">Choose a workflow</option>
            {runnable.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      {chosen !== '' && <Needs workflowId={chosen} />}
      <Button icon={FileSearch} disabled={models.isFetching} onClick={() => void models.refetch()}>
        List all models
      </Button>
      <div role="status" className="empty:hidden">
        {models.isFetching && <p className="text-quiet">Scanning models</p>}
        {models.isError && !models.isFetching && <p>{failureOf(models.error).sentence}</p>}
        {models.data && files === null && (
          <p>There is no folder {models.data.dir}. Set MODELS_DIR to where the workers’ models are mounted here.</p>
        )}
        {files && (
          <p className="tabular-nums">
            {`${counted(files.length, 'file')}, ${fileSize(files.reduce((sum, { bytes }) => sum + bytes, 0))}, in ${models.data?.dir}.`}
            {models.data?.more && ' The list is truncated.'}
          </p>
        )}
      </div>
      {files &&
        [...groupBy(files, ({ folder }) => folder)].map(([folder, own]) => (
          <details key={folder} className="w-full rounded border border-line bg-panel">
            <summary className="cursor-pointer px-3 py-1.5 tabular-nums">
              <span className="font-semibold">{folder}</span>{' '}
              <span className="text-quiet">
                {`${counted(own.length, 'file')}, ${fileSize(own.reduce((sum, { bytes }) => sum + bytes, 0))}`}
              </span>
            </summary>
            <ul className="divide-y divide-line border-t border-line">
              {own.map(({ name, bytes }) => (
                <li key={name} className="flex min-h-8 items-center justify-between gap-3 px-3">
                  <span className="min-w-0 break-all">{name}</span>
                  <span className="text-quiet tabular-nums">{fileSize(bytes)}</span>
                </li>
              ))}
            </ul>
          </details>
        ))}
    </section>
  );
}

function Needs({ workflowId }: { workflowId: string }) {
  const trpc = useTRPC();
  const needs = useQuery(trpc.admin.storage.needs.queryOptions({ id: workflowId }, { gcTime: 0 }));
  return (
    <div role="status" className="w-full">
      {needs.isPending && <p className="text-quiet">Scanning models</p>}
      {needs.isError && <p>{failureOf(needs.error).sentence}</p>}
      {needs.data?.length === 0 && <p>This workflow loads no models.</p>}
      {needs.data && needs.data.length > 0 && (
        <ul aria-label="Models of the workflow" className="divide-y divide-line rounded border border-line bg-panel">
          {needs.data.map((model) => {
            const Icon = model.found ? CircleCheck : CircleX;
            const near = nearWords(model.near);
            return (
              <li key={`${model.folders?.[0]} ${model.name}`} className="grid grid-cols-[16px_1fr] gap-x-3 px-3 py-2">
                <Icon size={16} aria-hidden className={`mt-0.5 ${model.found ? 'text-done' : 'text-failed'}`} />
                <div className="min-w-0 break-all">
                  {model.found
                    ? `Found: ${model.found.folder}/${model.name} (${fileSize(model.found.bytes)})`
                    : missingWords(model)}
                  {near !== null && <p className="text-quiet">{near}</p>}
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
