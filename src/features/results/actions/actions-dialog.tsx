import { Ban, Bookmark, Download, Heart, Presentation, Trash2, Undo2 } from 'lucide-react';
import type { ResultView } from '#src/api/views.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { Stars } from './stars.tsx';
import type { Judgement } from './use-result-actions.ts';

type MoreSheetProps = { result: ResultView; onJudge: (what: Judgement) => void; onClose: () => void };

/** Everything that can be done with one result, in sizes for fingers. */
export function MoreSheet({ result, onJudge, onClose }: MoreSheetProps) {
  const { filename, favourite, rating, rejected, onWall, removedAt, preview } = result;
  const leave = (what: Judgement): void => {
    onClose();
    onJudge(what);
  };
  return (
    <Dialog title={filename} description={result.title} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {!preview && (
          <div className="flex flex-wrap items-center gap-2">
            <Button
              icon={Heart}
              aria-pressed={favourite}
              onClick={() => onJudge('favourite')}
              className="aria-pressed:border-accent aria-pressed:text-accent"
            >
              Favourite
            </Button>
            <Button
              icon={Ban}
              aria-pressed={rejected}
              onClick={() => onJudge('reject')}
              className="aria-pressed:border-accent aria-pressed:text-accent"
            >
              Reject
            </Button>
            <Stars
              rating={rating}
              of={filename}
              onRate={(stars) => onJudge({ stars })}
              className="size-8 pointer-coarse:size-10"
            />
          </div>
        )}
        <div className="flex flex-wrap gap-2">
          <Button icon={Download} onClick={() => leave('download')}>
            Download
          </Button>
          {removedAt === null ? (
            <>
              {preview ? (
                <Button icon={Bookmark} onClick={() => leave('keep')}>
                  Keep
                </Button>
              ) : (
                <Button icon={Presentation} onClick={() => leave('wall')}>
                  {onWall ? 'Remove from the wall' : 'Show on the wall'}
                </Button>
              )}
              <Button icon={Trash2} onClick={() => leave('put away')}>
                Move to trash
              </Button>
            </>
          ) : (
            <Button icon={Undo2} onClick={() => leave('bring back')}>
              Restore
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
