import type { ResultView } from '#src/api/views.ts';
import { deletedIn, INCOMPLETE } from '#src/domain/messages/preview-words.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { onServerClock } from '../api-client/server-clock.ts';

type FileNotesProps = { result: Pick<ResultView, 'preview' | 'unfinished'>; expiresAt: string | null };

/** Says that a file is a preview, and until when, or that it is not complete. */
export function FileNotes({ result: { preview, unfinished }, expiresAt }: FileNotesProps) {
  const now = onServerClock(useNow());
  if (!preview && !unfinished) return null;
  return (
    // Beside the controls; on a phone these take all of the row.
    <div className="absolute top-14 left-2 flex flex-col items-start gap-1 text-white sm:top-2 sm:max-w-[calc(100%-22rem)]">
      {preview && (
        <p className={NOTE}>
          {['Preview', expiresAt && deletedIn(Date.parse(expiresAt), now)].filter(Boolean).join(' · ')}
        </p>
      )}
      {unfinished && <p className={NOTE}>Incomplete. {INCOMPLETE}</p>}
    </div>
  );
}

const NOTE = 'max-w-full rounded bg-black/60 px-2 py-1 tabular-nums';
