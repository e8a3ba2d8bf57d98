import { FileUp } from 'lucide-react';

/** A place to drop a workflow file on, or to choose one by a press. The whole page accepts the drop. */
export function FilePicker({ onFile }: { onFile: (file: File) => void }) {
  return (
    <label className="flex h-full cursor-pointer flex-col items-center justify-center gap-1 rounded border border-dashed border-edge p-4 text-center transition-colors hover:bg-raised has-focus-visible:outline-2 has-focus-visible:outline-accent">
      <FileUp size={20} aria-hidden className="text-quiet" />
      <span className="font-semibold">Choose a workflow file</span>
      <span className="text-quiet max-sm:hidden">
        or drop or paste it anywhere: JSON, or a picture, film or sound from ComfyUI
      </span>
      <input
        type="file"
        accept=".json,application/json,image/*,video/*,audio/*,.opus"
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
