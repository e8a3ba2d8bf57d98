import {
  Ban,
  Bookmark,
  Dices,
  Download,
  Grid2x2,
  Heart,
  ImagePlus,
  Pencil,
  PenLine,
  Presentation,
  RotateCw,
  Trash2,
  Undo2,
} from 'lucide-react';
import type { ResultView } from '#src/api/views.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { VERSIONS } from '../../versions/use-vary.ts';
import { Stars } from './stars.tsx';
import { canBeInput } from './use-as-input.ts';
import type { ResultAction } from './use-result-actions.ts';
import { REMOVE_FROM_WALL, SHOW_ON_WALL } from './wall-action.ts';

type ActionsDialogProps = {
  result: ResultView;
  onAction: (what: ResultAction) => void;
  onRename: () => void;
  onClose: () => void;
};

/** All actions on one result, sized for touch. */
export function ActionsDialog({ result, onAction, onRename, onClose }: ActionsDialogProps) {
  const { filename, favourite, rating, rejected, onWall, removedAt, preview } = result;
  const leave = (what: ResultAction): void => {
    onClose();
    onAction(what);
  };
  return (
    <Dialog title={filename} description={result.title} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {!preview && (
          <div className="flex flex-wrap items-center gap-2">
            <Button
              icon={Heart}
              aria-pressed={favourite}
              onClick={() => onAction('favourite')}
              className="aria-pressed:border-accent aria-pressed:text-accent"
            >
              Favourite
            </Button>
            <Button
              icon={Ban}
              aria-pressed={rejected}
              onClick={() => onAction('reject')}
              className="aria-pressed:border-accent aria-pressed:text-accent"
            >
              Reject
            </Button>
            <Stars
              rating={rating}
              of={filename}
              onRate={(stars) => onAction({ stars })}
              className="size-8 pointer-coarse:size-10"
            />
          </div>
        )}
        <div className="flex flex-wrap gap-2">
          <Button icon={PenLine} onClick={() => leave('edit')}>
            Edit and run
          </Button>
          <Button icon={Dices} onClick={() => leave('newSeed')}>
            {VERSIONS.newSeed.label}
          </Button>
          <Button icon={Grid2x2} onClick={() => leave('vary')}>
            {VERSIONS.vary.label}
          </Button>
          <Button icon={RotateCw} onClick={() => leave('again')}>
            {VERSIONS.again.label}
          </Button>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button icon={Download} onClick={() => leave('download')}>
            Download
          </Button>
          <Button
            icon={Pencil}
            onClick={() => {
              onClose();
              onRename();
            }}
          >
            Rename
          </Button>
          {canBeInput(result) && (
            <Button icon={ImagePlus} onClick={() => leave('input')}>
              Use as input
            </Button>
          )}
          {removedAt === null ? (
            <>
              {preview ? (
                <Button icon={Bookmark} onClick={() => leave('keep')}>
                  Keep
                </Button>
              ) : (
                <Button icon={Presentation} onClick={() => leave('wall')}>
                  {onWall ? REMOVE_FROM_WALL : SHOW_ON_WALL}
                </Button>
              )}
              <Button icon={Trash2} onClick={() => leave('trash')}>
                Move to trash
              </Button>
            </>
          ) : (
            <Button icon={Undo2} onClick={() => leave('restore')}>
              Restore
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
