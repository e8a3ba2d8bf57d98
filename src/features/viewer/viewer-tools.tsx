import {
  Camera,
  Columns2,
  Contrast,
  Download,
  GalleryThumbnails,
  ImagePlus,
  Info,
  Maximize,
  Minimize,
  X,
  ZoomIn,
} from 'lucide-react';
import type { RefObject } from 'react';
import type { ResultView } from '#src/api/views.ts';
import type { useFullScreen } from '#src/ui/browser/use-full-screen.ts';
import { canBeInput } from '../results/actions/use-as-input.ts';
import { useResultActions } from '../results/actions/use-result-actions.ts';
import { downloadUrl } from '../results/downloads/download-url.ts';
import { CONTROL, Control } from './control.tsx';
import { isTurnable } from './media.tsx';
import { useGrabFrame } from './playback/grab-frame.ts';
import type { useBackground } from './use-background.ts';
import type { StageControls } from './zoom/stage.tsx';

type ViewerToolsProps = {
  result: ResultView | undefined;
  stage: RefObject<StageControls | null>;
  background: ReturnType<typeof useBackground>;
  screen: ReturnType<typeof useFullScreen>;
  panelShown: boolean;
  onPanel: () => void;
  stripShown: boolean;
  onStrip: () => void;
  /** Null = there is nothing to compare it with. */
  onCompare: (() => void) | null;
  onClose: () => void;
};

/** The buttons at the upper edge. */
export function ViewerTools({
  result,
  stage,
  background,
  screen,
  panelShown,
  onPanel,
  stripShown,
  onStrip,
  onCompare,
  onClose,
}: ViewerToolsProps) {
  const apply = useResultActions();
  const grabFrame = useGrabFrame();
  const isOwn = onCompare !== null;
  return (
    <div className="absolute top-2 right-2 left-2 flex justify-end gap-1 max-sm:gap-0">
      {result && (result.kind === 'image' || result.kind === 'video') && (
        <Control icon={ZoomIn} label="100% (Z)" onClick={() => stage.current?.toggle()} />
      )}
      {result && isTurnable(result) && (
        <Control icon={ZoomIn} label="Fit (Z)" onClick={() => stage.current?.toggle()} />
      )}
      <Control icon={Contrast} label={`Background: ${background.name} (B)`} onClick={background.next} />
      {result && onCompare && <Control icon={Columns2} label="Compare with other takes (C)" onClick={onCompare} />}
      {result && isOwn && result.kind === 'video' && (
        <Control icon={Camera} label="Grab frame (G)" onClick={() => void grabFrame(result)} />
      )}
      {result && isOwn && canBeInput(result) && (
        <Control icon={ImagePlus} label="Use as input (U)" onClick={() => apply([result.id], 'input')} />
      )}
      {result && (
        <a href={downloadUrl(result)} download aria-label="Download" title="Download (D)" className={CONTROL}>
          <Download size={20} aria-hidden />
        </a>
      )}
      <Control icon={GalleryThumbnails} label="Filmstrip (T)" aria-expanded={stripShown} onClick={onStrip} />
      <Control icon={Info} label="Parameters (I)" aria-expanded={panelShown} onClick={onPanel} />
      {screen.toggle && (
        <Control
          icon={screen.on ? Minimize : Maximize}
          label={screen.on ? 'Leave full screen (Shift+F)' : 'Full screen (Shift+F)'}
          onClick={screen.toggle}
          // There is no room for it on a phone, where the viewer covers nearly all of the screen as it is.
          className="max-sm:hidden"
        />
      )}
      <Control icon={X} label="Close" onClick={onClose} />
    </div>
  );
}
