import { File } from 'lucide-react';
import type { CSSProperties, Ref } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { FileCard } from '../viewer/files/file-card.tsx';
import { MarkBar } from '../viewer/mark-bar.tsx';
import { Film } from '../viewer/playback/film.tsx';
import type { Transport } from '../viewer/playback/transport.ts';
import { Picture } from '../viewer/zoom/picture.tsx';
import type { StageControls } from '../viewer/zoom/stage.tsx';
import type { LensState } from '../viewer/zoom/use-zoom.ts';

export const LETTERS = ['A', 'B', 'C', 'D'] as const;

export type PaneNotes = {
  /** Which take of its job it is, in words. */
  readonly take: string | null;
  /** What distinguishes it from the first one, or the first one from the others. */
  readonly differences: readonly string[];
};

type PaneProps = {
  result: ResultView;
  letter: string;
  notes: PaneNotes;
  lens: LensState;
  transport: Transport;
  controls?: Ref<StageControls>;
  active: boolean;
  /** In small panes, only the active one shows its marks. */
  crowded: boolean;
  onActive: () => void;
  onMoveToTrash: () => void;
  /** Where its letter and its marks are. */
  side?: 'left' | 'right';
  className?: string;
  style?: CSSProperties;
};

/** One of the results that are compared. */
export function Pane({
  result,
  letter,
  notes: { take, differences },
  active,
  crowded,
  onActive,
  onMoveToTrash,
  side = 'left',
  className,
  style,
  ...media
}: PaneProps) {
  const edge = side === 'left' ? 'left-2' : 'right-2';
  return (
    <section
      aria-label={`${letter}: ${result.filename}`}
      onPointerEnter={onActive}
      onPointerDown={onActive}
      onFocusCapture={onActive}
      className={className}
      style={style}
    >
      <Shown result={result} {...media} />
      <div
        className={join(
          'pointer-events-none absolute top-2 flex max-w-[calc(100%-16px)] items-baseline gap-2 rounded bg-black/60 px-2 py-1 text-12 text-white',
          edge,
        )}
      >
        <span className={join('text-15 font-semibold', active && 'text-[#f2a33a]')}>{letter}</span>
        <div className="min-w-0 tabular-nums">
          <p className="truncate font-semibold" title={result.filename}>
            {take ?? result.filename}
          </p>
          {differences.map((each) => (
            <p key={each} className="truncate">
              {each}
            </p>
          ))}
        </div>
      </div>
      <MarkBar
        result={result}
        onMoveToTrash={onMoveToTrash}
        className={join('absolute bottom-2', edge, crowded && !active && 'max-sm:hidden')}
      />
    </section>
  );
}

type ShownProps = Pick<PaneProps, 'result' | 'lens' | 'transport' | 'controls'>;

function Shown({ result, transport, ...stage }: ShownProps) {
  switch (result.kind) {
    case 'image':
      return <Picture result={result} {...stage} />;
    case 'video':
      return <Film result={result} transport={transport} onTap={() => transport.toggle()} {...stage} />;
    case 'audio':
    case 'model':
    case 'other':
      return <FileCard result={result} icon={File} note="Only pictures and films can be compared." />;
  }
}
