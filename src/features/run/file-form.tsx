import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { takeFocus } from '#src/ui/dialogs/take-focus.ts';
import { FilePicker } from './file-picker.tsx';
import { MissingFiles } from './missing/missing-files.tsx';
import { MissingModels, useMissingModels } from './missing/missing-models.tsx';
import { MissingNodes } from './missing/missing-nodes.tsx';
import { useMissingFiles } from './missing/use-missing-files.ts';
import { NotReady } from './not-ready.tsx';
import type { WorkflowFile } from './read/read-workflow.ts';
import { readWorkflowFile } from './read/read-workflow-file.ts';
import { RunRow } from './run-row.tsx';
import { useFileDrop } from './use-file-drop.ts';
import type { Run } from './use-run.ts';

type FileFormProps = {
  file: File;
  /** Another workflow was chosen or dropped instead; null = none. */
  onFile: (file: File | null) => void;
  run: Run;
};

/** A workflow file: what it is, the files that it needs, and Run. */
export function FileForm({ file, onFile, run }: FileFormProps) {
  const [readAs] = useState(() => `${file.name} ${file.size} ${file.lastModified}`);
  const read = useQuery({ queryKey: ['workflow-file', readAs], queryFn: () => readWorkflowFile(file), gcTime: 0 });
  const workflow = read.data;
  const [dropped, setDropped] = useState<readonly File[]>([]);
  // From the beginning: a picture for a workflow that is still being read is not another workflow.
  const isOver = useFileDrop((files) => {
    const other = files.find(({ name }) => /\.json$/i.test(name)) ?? (workflow?.ok === false ? files[0] : undefined);
    if (other) onFile(other);
    else setDropped((before) => [...before, ...files]);
  }, true);
  if (!workflow)
    return (
      <p role="status" aria-busy={!read.isError}>
        {read.isError ? `${file.name} could not be read.` : `Reading ${file.name}`}
      </p>
    );
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h3 className="text-15 font-semibold">{file.name}</h3>
        {workflow.ok && (
          <p className="text-quiet">
            {`${/\.json$/i.test(file.name) ? 'Workflow in API format' : 'The workflow in this file'}, ${counted(Object.keys(workflow.prompt).length, 'node')}`}
          </p>
        )}
      </div>
      {workflow.ok ? (
        <ReadyForm
          title={file.name.replace(/\.[^.]*$/, '')}
          workflow={workflow}
          dropped={dropped}
          onTaken={() => setDropped([])}
          isOver={isOver}
          onSamples={() => onFile(null)}
          run={run}
        />
      ) : (
        <>
          <NotReady file={file} read={workflow} onUsed={() => onFile(null)} />
          <FilePicker onFile={onFile} />
          <Button className="self-end" onClick={() => onFile(null)}>
            Show the samples
          </Button>
        </>
      )}
    </div>
  );
}

type ReadyFormProps = {
  title: string;
  workflow: Extract<WorkflowFile, { ok: true }>;
  /** Files that were dropped for it, until `onTaken`. */
  dropped: readonly File[];
  onTaken: () => void;
  isOver: boolean;
  onSamples: () => void;
  run: Run;
};

/** A valid workflow: its missing files, and Run. */
function ReadyForm({ title, workflow, dropped, onTaken, isOver, onSamples, run }: ReadyFormProps) {
  const { isAsking, checkAgain, missing, unused, add, filled } = useMissingFiles(workflow.prompt, dropped, onTaken);
  const models = useMissingModels(workflow.prompt);
  const isReady =
    !isAsking && missing.every(({ certain, state }) => state.type === 'added' || !(certain || state.type === 'adding'));
  const start = (): void =>
    void run.run({ title, prompt: models.filled(filled()), ...(workflow.workflow && { workflow: workflow.workflow }) });
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isAsking) return;
    takeFocus(form.current?.querySelector<HTMLElement>('input') ?? form.current?.querySelector('[data-run]:enabled'));
  }, [isAsking]);
  return (
    <div ref={form} className="flex flex-col gap-4">
      {missing.length > 0 && <MissingFiles files={missing} isOver={isOver} onAdd={add} />}
      <MissingNodes prompt={workflow.prompt} />
      <MissingModels {...models} />
      {checkAgain && (
        <div role="alert" className="flex flex-wrap items-center gap-3">
          <p>The files that this workflow needs could not be checked.</p>
          <Button onClick={checkAgain}>Check again</Button>
        </div>
      )}
      <p role="status" className="text-quiet empty:hidden">
        {dropped.length > 0 && isAsking && 'Checking which files this workflow needs'}
        {unused.length > 0 && `Not added: ${unused.join(', ')}. No missing file of this workflow has that name.`}
      </p>
      <RunRow run={run} isReady={isReady} onRun={start}>
        <Button onClick={onSamples}>Show the samples</Button>
      </RunRow>
    </div>
  );
}
