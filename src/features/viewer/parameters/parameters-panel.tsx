import { Pencil } from 'lucide-react';
import type { DragEvent } from 'react';
import { IconButton } from '#src/ui/buttons/button.tsx';
import { CopyButton } from '#src/ui/buttons/copy-button.tsx';
import { VersionButtons, VersionList } from '../../versions/version-list.tsx';
import { type Detail, FACTS, factsOf } from './facts.ts';
import { FileLinks } from './file-links.tsx';

const COPIED: Readonly<Record<string, string>> = {
  Prompt: 'Copy prompt',
  Negative: 'Copy negative',
  Seed: 'Copy seed',
};

type ParametersPanelProps = {
  detail: Detail;
  /** Whether it is somebody else's. */
  isLocked: boolean;
  onGo: (resultId: string) => void;
  onDragStart: (event: DragEvent) => void;
  onRename: () => void;
};

export function ParametersPanel({ detail, isLocked, onGo, onDragStart, onRename }: ParametersPanelProps) {
  const { Prompt, Negative, ...facts } = factsOf(detail);
  return (
    <div className="flex flex-col gap-4 text-text">
      <header>
        <h2 className="text-15 font-semibold">{detail.job.title || 'Untitled'}</h2>
        <div className="flex min-h-8 items-center justify-between gap-2">
          <p className="min-w-0 text-quiet wrap-anywhere">{detail.result.filename}</p>
          {!isLocked && <IconButton icon={Pencil} label="Rename (F2)" onClick={onRename} />}
        </div>
      </header>
      {!isLocked && <VersionButtons job={detail.job} />}
      <VersionList jobId={detail.job.id} onOpen={onGo} />
      <Words name="Prompt" text={Prompt} />
      <Words name="Negative" text={Negative} />
      <dl className="flex flex-col">
        {FACTS.flatMap((name) =>
          name === 'Prompt' || name === 'Negative' ? [] : [<Fact key={name} name={name} text={facts[name]} />],
        )}
      </dl>
      <FileLinks detail={detail} onDragStart={onDragStart} />
    </div>
  );
}

function Words({ name, text }: { name: string; text: string | null }) {
  if (text === null) return null;
  return (
    <section aria-label={name}>
      <div className="flex min-h-8 items-center justify-between">
        <h3 className="text-12 text-quiet">{name}</h3>
        <CopyButton compact text={text} label={COPIED[name] ?? name} />
      </div>
      <p className="max-h-48 overflow-y-auto whitespace-pre-wrap">{text}</p>
    </section>
  );
}

function Fact({ name, text }: { name: string; text: string | null }) {
  if (text === null) return null;
  const copied = COPIED[name];
  return (
    <div className="flex min-h-8 items-center gap-3 border-t border-line">
      <dt className="w-20 shrink-0 text-12 text-quiet">{name}</dt>
      <dd className="flex min-w-0 grow items-center justify-between tabular-nums">
        <span className="min-w-0 py-1">{text}</span>
        {copied && <CopyButton compact text={text} label={copied} />}
      </dd>
    </div>
  );
}
