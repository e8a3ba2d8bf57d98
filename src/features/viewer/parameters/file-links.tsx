import { Download, Eraser, ExternalLink, FileJson, GripVertical, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonClass } from '#src/ui/buttons/button.tsx';
import { CopyButton } from '#src/ui/buttons/copy-button.tsx';
import { downloadUrl } from '../../results/downloads/download-url.ts';
import type { Detail } from './facts.ts';
import { useComfyAddress } from './use-comfy-address.ts';

const DRAG_WORDS: Record<Detail['result']['kind'], string> = {
  image: 'Drag this or the picture into ComfyUI',
  video: 'Drag this or the film into ComfyUI',
  audio: 'Drag this into ComfyUI',
  model: 'Drag this into ComfyUI',
  other: 'Drag this into ComfyUI',
};
const LINK = buttonClass('plain', 'w-full');

function DownloadLink({ href, icon: Icon, children }: { href: string; icon: typeof Download; children: ReactNode }) {
  return (
    <a href={href} download className={LINK}>
      <Icon size={16} aria-hidden />
      {children}
    </a>
  );
}

/** The original file and its workflow, to download or open in ComfyUI. */
export function FileLinks({ detail, onDragStart }: { detail: Detail; onDragStart: (event: React.DragEvent) => void }) {
  const { result, hasWorkflow } = detail;
  const comfyui = useComfyAddress({ result: result.id });
  const workflow = hasWorkflow ? result.workflowUrl : result.apiWorkflowUrl;
  const address = new URL(workflow, window.location.href).href;
  return (
    <div className="flex flex-col gap-4">
      <section aria-labelledby="take-file" className="flex flex-col gap-2">
        <h3 id="take-file" className="text-12 text-quiet">
          Original file
        </h3>
        <a href={downloadUrl(result)} download className={buttonClass('accent', 'w-full')}>
          <Download size={16} aria-hidden />
          Download
        </a>
        {result.cleanUrl && (
          <DownloadLink href={`${result.cleanUrl}?download=1`} icon={Eraser}>
            Without prompt and workflow
          </DownloadLink>
        )}
      </section>
      <section aria-labelledby="take-workflow" className="flex flex-col gap-2">
        <h3 id="take-workflow" className="text-12 text-quiet">
          Open in ComfyUI
        </h3>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the same is on the buttons below */}
        <div
          draggable
          onDragStart={onDragStart}
          className="flex min-h-10 cursor-grab items-center gap-2 rounded border border-dashed border-edge px-2 pointer-coarse:hidden"
        >
          <GripVertical size={16} aria-hidden className="shrink-0 text-quiet" />
          {DRAG_WORDS[result.kind]}
        </div>
        {comfyui !== null && (
          <a href={comfyui} target="_blank" rel="noreferrer" className={buttonClass('plain', 'w-full')}>
            <ExternalLink size={16} aria-hidden />
            Open in my ComfyUI
          </a>
        )}
        <CopyButton text={address} label="Copy workflow link" />
        {hasWorkflow ? (
          <DownloadLink href={`${result.workflowUrl}?download=1`} icon={Workflow}>
            Workflow for the editor
          </DownloadLink>
        ) : (
          <p className="text-quiet">
            This job was sent without the editor’s workflow. The API format opens in the editor too.
          </p>
        )}
        <DownloadLink href={`${result.apiWorkflowUrl}?download=1`} icon={FileJson}>
          Workflow in API format
        </DownloadLink>
      </section>
    </div>
  );
}
