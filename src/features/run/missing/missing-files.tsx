import { CircleCheck, FilePlus2 } from 'lucide-react';
import { buttonClass } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { isWanted, type MissingFile } from './use-missing-files.ts';

type MissingFilesProps = {
  files: readonly MissingFile[];
  /** Files are held over the page. */
  isOver: boolean;
  onAdd: (name: string, file: File) => void;
};

/** Files that a workflow names and that are not uploaded yet. They may be dropped anywhere, or chosen one by one. */
export function MissingFiles({ files, isOver, onAdd }: MissingFilesProps) {
  return (
    <section
      aria-label="Missing files"
      className={join('flex flex-col gap-2 rounded border border-dashed p-3', isOver ? 'border-accent' : 'border-edge')}
    >
      <p>This workflow uses files that you have not added yet. Drop them here or choose them:</p>
      <ul className="flex flex-col gap-2">
        {files.map((file) => (
          <MissingRow key={file.name} file={file} onAdd={onAdd} />
        ))}
      </ul>
    </section>
  );
}

function MissingRow({ file, onAdd }: { file: MissingFile; onAdd: MissingFilesProps['onAdd'] }) {
  const { name, state } = file;
  const shown = name || 'Unnamed file';
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
      <span className="min-w-0 font-semibold break-words">{shown}</span>
      <span role="status" className="text-quiet">
        {state.type === 'adding' && 'Adding…'}
        {state.type === 'added' && (
          <span className="inline-flex items-center gap-1">
            <CircleCheck size={16} aria-hidden /> Added
          </span>
        )}
      </span>
      {isWanted(file) && (
        <label
          className={buttonClass(
            'plain',
            'cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent',
          )}
        >
          <FilePlus2 size={16} aria-hidden />
          Choose <span className="sr-only">{shown}</span>
          <input
            type="file"
            accept="image/*,video/*,audio/*"
            className="sr-only"
            onChange={(event) => {
              const chosen = event.target.files?.[0];
              event.target.value = '';
              if (chosen) onAdd(name, chosen);
            }}
          />
        </label>
      )}
      {state.type === 'refused' && (
        <p role="alert" className="w-full text-failed">
          {state.why}
        </p>
      )}
    </li>
  );
}
