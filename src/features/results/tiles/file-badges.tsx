import type { ResultView } from '#src/api/views.ts';
import { INCOMPLETE } from '#src/domain/messages/preview-words.ts';

/** Badges of files that are previews or incomplete. */
export function FileBadges({ result: { preview, unfinished } }: { result: ResultView }) {
  return (
    <>
      {preview && <span className={NOTE}>Preview</span>}
      {unfinished && (
        <span title={INCOMPLETE} className={NOTE}>
          Incomplete
        </span>
      )}
    </>
  );
}

const NOTE = 'inline-flex h-6 shrink-0 items-center rounded bg-black/60 px-1.5 text-12 text-white';
