import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ExternalLink, ImagePlus } from 'lucide-react';
import type { InputKind } from '#src/domain/files/input-kinds.ts';
import { graphToGive } from '#src/domain/workflow/graph-json.ts';
import { Button, buttonClass } from '#src/ui/buttons/button.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { openRunWith } from '../results/actions/run-with.ts';
import { sendInput } from '../uploads/send-input.ts';
import { useComfyAddress } from '../viewer/parameters/use-comfy-address.ts';
import { HOW, type WorkflowFile } from './read/read-workflow.ts';

type NotReadyProps = {
  file: File;
  read: Extract<WorkflowFile, { ok: false }>;
  /** It has become something else than a workflow file. */
  onUsed: () => void;
};

/** Why a file cannot be run, and what can be done with it instead. */
export function NotReady({ file, read, onUsed }: NotReadyProps) {
  return (
    <div className="flex flex-col items-start gap-3">
      <p role="alert">{read.why}</p>
      {read.what === 'editor' && <OpenInComfy name={file.name.replace(/\.[^.]*$/, '')} workflow={read.workflow} />}
      {read.what === 'media' && <AddToInputs file={file} onUsed={onUsed} />}
    </div>
  );
}

const mediaOf = ({ type }: File): InputKind | null => {
  const [kind] = type.split('/');
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : null;
};

function AddToInputs({ file, onUsed }: Pick<NotReadyProps, 'file' | 'onUsed'>) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const media = mediaOf(file);
  const adding = useMutation({
    mutationFn: () => sendInput(file, file.name),
    onSuccess: (inputName) => {
      void queryClient.invalidateQueries(trpc.inputs.pathFilter());
      onUsed();
      if (media) openRunWith({ inputName, media });
    },
  });
  return (
    <>
      <Button tone="accent" icon={ImagePlus} disabled={adding.isPending} onClick={() => adding.mutate()}>
        {adding.isPending ? 'Adding' : 'Add it to your Inputs'}
      </Button>
      {adding.isError && (
        <p role="alert" className="text-failed">
          {adding.error.message}
        </p>
      )}
    </>
  );
}

/** Hands the workflow to the person's own ComfyUI, where there is one. */
function OpenInComfy({ name, workflow }: { name: string; workflow: object }) {
  const client = useTRPCClient();
  const hasComfy = useComfyAddress({ workflow: '' }) !== null;
  const handed = useQuery({
    queryKey: ['handed-over', workflow],
    queryFn: () => client.workflows.handOver.mutate({ name, workflow: graphToGive(workflow) }),
    enabled: hasComfy,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const address = useComfyAddress({ workflow: handed.data?.id ?? '' });
  if (!hasComfy) return <p>{HOW}</p>;
  if (handed.isError) return <p role="alert">{failureOf(handed.error).sentence}</p>;
  return address !== null && handed.data ? (
    <>
      <p className="text-quiet">Open it in your ComfyUI and press Run there. The results arrive here.</p>
      <a href={address} target="_blank" rel="noreferrer" className={buttonClass('accent')}>
        <ExternalLink size={16} aria-hidden />
        Open in ComfyUI
      </a>
    </>
  ) : (
    <p role="status">Preparing to open it in ComfyUI</p>
  );
}
