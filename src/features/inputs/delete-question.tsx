import type { InputView } from '#src/api/present-input.ts';
import { counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';

type DeleteQuestionProps = { input: InputView; onDelete: () => void; onClose: () => void };

/** Asked where jobs that have not ended use the upload. */
export function DeleteQuestion({ input: { name, usedByAlive }, onDelete, onClose }: DeleteQuestionProps) {
  const keep = usedByAlive === 1 ? 'It keeps' : 'They keep';
  return (
    <Dialog title={`Delete ${name}?`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p>
          {`${counted(usedByAlive, 'job')} in the queue or on a GPU ${usedByAlive === 1 ? 'uses' : 'use'} this file. ${keep} it, but you cannot run ${usedByAlive === 1 ? 'it' : 'them'} again without adding the file again.`}
        </p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="accent" onClick={onDelete}>
            Delete
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
