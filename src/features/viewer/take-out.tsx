import { Download, Eraser, ExternalLink, FileJson, GripVertical, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonLook } from '#src/ui/button.tsx';
import { CopyButton } from '#src/ui/copy-button.tsx';
import { downloadUrl } from '../results/download-url.ts';
import type { Detail } from './facts.ts';
import { useComfyAddress } from './use-comfy-address.ts';

const DRAG_WORDS: Record<Detail['result']['kind'], string> = {
  image: 'Drag this or the picture into ComfyUI',
  video: 'Drag this or the film into ComfyUI',
  audio: 'Drag this into ComfyUI',
  model: 'Drag this into ComfyUI',
  other: 'Drag this into ComfyUI',
};
const LINK = buttonLook('plain', 'w-full');

function Take({ href, icon: Icon, children }: { href: string; icon: typeof Download; children: ReactNode }) {
  return (
    <a href={href} download className={LINK}>
      <Icon size={16} aria-hidden />
      {children}
    </a>
  );
}

/** Original file, and its parameters, for other programs. */
export function TakeOut({ detail, onCarry }: { detail: Detail; onCarry: (event: React.DragEvent) => void }) {
  const { result, hasWorkflow } = detail;
  const comfyui = useComfyAddress(result.id);
  const workflow = hasWorkflow ? result.workflowUrl : result.apiWorkflowUrl;
  const address = new URL(workflow, window.location.href).href;
  return (
    <div className="flex flex-col gap-4">
      <section aria-labelledby="take-file" className="flex flex-col gap-2">
        <h3 id="take-file" className="text-12 text-quiet">
          Original file
        </h3>
        <a href={downloadUrl(result)} download className={buttonLook('accent', 'w-full')}>
          <Download size={16} aria-hidden />
          Download
        </a>
        {result.cleanUrl && (
          <Take href={`${result.cleanUrl}?download=1`} icon={Eraser}>
            Without prompt and workflow
          </Take>
        )}
      </section>
      <section aria-labelledby="take-workflow" className="flex flex-col gap-2">
        <h3 id="take-workflow" className="text-12 text-quiet">
          Open in ComfyUI
        </h3>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the same is on the buttons below */}
        <div
          draggable
          onDragStart={onCarry}
          className="flex min-h-10 cursor-grab items-center gap-2 rounded border border-dashed border-edge px-2 pointer-coarse:hidden"
        >
          <GripVertical size={16} aria-hidden className="shrink-0 text-quiet" />
          {DRAG_WORDS[result.kind]}
        </div>
        {comfyui !== null && (
          <a href={comfyui} target="_blank" rel="noreferrer" className={buttonLook('plain', 'w-full')}>
            <ExternalLink size={16} aria-hidden />
            Open in my ComfyUI
          </a>
        )}
        <CopyButton text={address} label="Copy workflow link" />
        {hasWorkflow ? (
          <Take href={`${result.workflowUrl}?download=1`} icon={Workflow}>
            Workflow for the editor
          </Take>
        ) : (
          <p className="text-quiet">
            This job was sent without the editor’s workflow. The API format opens in the editor too.
          </p>
        )}
        <Take href={`${result.apiWorkflowUrl}?download=1`} icon={FileJson}>
          Workflow in API format
        </Take>
      </section>
    </div>
  );
}
