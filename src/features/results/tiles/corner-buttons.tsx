import { Bookmark, Download, Heart, MoreHorizontal } from 'lucide-react';
import type { ResultView } from '#src/api/views.ts';
import { iconClass } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { downloadUrl } from '../downloads/download-url.ts';
import type { TileRow } from '../layout/layout.ts';
import { CORNER, type TileAction } from './tile-action.ts';

type CornerButtonsProps = {
  tile: TileRow['tiles'][number];
  result: ResultView;
  tab: 0 | -1;
  showDownload: boolean;
  onAction: (action: TileAction) => void;
};

/** Download, Favourite or Keep, and More, in the upper right corner. */
export function CornerButtons({ tile, result, tab, showDownload, onAction }: CornerButtonsProps) {
  const { filename, favourite } = result;
  const { width } = tile;
  return (
    <div className="absolute top-1 right-1 flex gap-1">
      {showDownload && (
        <a
          href={downloadUrl(result)}
          aria-label={`Download ${filename}`}
          title="Download (D)"
          tabIndex={tab}
          download
          className={iconClass(join(CORNER, 'pointer-coarse:hidden'))}
        >
          <Download size={16} aria-hidden />
        </a>
      )}
      {result.preview ? (
        <button
          type="button"
          aria-label={`Keep ${filename}`}
          title="Keep"
          tabIndex={tab}
          onClick={() => onAction({ type: 'apply', tile, what: 'keep' })}
          className={iconClass(join(CORNER, width > 130 && 'pointer-coarse:opacity-100'))}
        >
          <Bookmark size={16} aria-hidden />
        </button>
      ) : (
        <button
          type="button"
          aria-pressed={favourite}
          aria-label={`Favourite ${filename}`}
          title="Favourite (F)"
          tabIndex={tab}
          onClick={() => onAction({ type: 'apply', tile, what: 'favourite' })}
          className={iconClass(join(CORNER, (favourite || width > 130) && 'pointer-coarse:opacity-100'))}
        >
          <Heart size={16} aria-hidden className={join(favourite && 'fill-current')} />
        </button>
      )}
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={`More for ${filename}`}
        title="More"
        tabIndex={tab}
        onClick={() => onAction({ type: 'more', tile })}
        className={iconClass(join(CORNER, 'pointer-coarse:opacity-100'))}
      >
        <MoreHorizontal size={16} aria-hidden />
      </button>
    </div>
  );
}
