import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import type { Submissions } from '../jobs/submissions.ts';
import { FileForm } from './file-form.tsx';
import { FilePicker } from './file-picker.tsx';
import { SampleForm } from './sample-form.tsx';
import { SentWithWarnings } from './sent-with-warnings.tsx';
import { useRun } from './use-run.ts';

type RunDialogProps = {
  /** A workflow file that was dropped on the page or chosen. */
  file: File | null;
  onFile: (file: File | null) => void;
  sending: Submissions;
  onClose: () => void;
};

export function RunDialog({ file, onFile, sending, onClose }: RunDialogProps) {
  const run = useRun(sending, onClose);
  return (
    <Dialog wide title="Run a workflow" onClose={onClose}>
      {run.warnings.length > 0 ? (
        <SentWithWarnings warnings={run.warnings} onClose={onClose} />
      ) : file ? (
        <FileForm key={`${file.name} ${file.lastModified}`} file={file} onFile={onFile} run={run} />
      ) : (
        <div className="flex flex-col gap-6">
          <SampleForm run={run} />
          <section aria-label="Your own workflow" className="flex flex-col gap-2">
            <h3 className="font-semibold">Or your own</h3>
            <FilePicker onFile={onFile} />
          </section>
        </div>
      )}
    </Dialog>
  );
}
