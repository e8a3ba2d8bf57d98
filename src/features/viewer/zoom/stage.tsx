import { type CSSProperties, type ReactNode, type Ref, useImperativeHandle } from 'react';
import { join } from '#src/ui/join.ts';
import { type LensState, useZoom } from './use-zoom.ts';
import type { Size } from './zoom.ts';

export type StageControls = {
  readonly toggle: () => void;
  readonly zoomBy: (factor: number) => void;
  readonly pan: (x: number, y: number) => void;
};

export type StageProps = {
  lens: LensState;
  controls?: Ref<StageControls> | undefined;
  onSwipe?: ((way: 1 | -1) => void) | undefined;
  onTap?: (() => void) | undefined;
};

type OwnProps = StageProps & {
  /** In pixels of the file; null until it is known. */
  size: Size | null;
  /** Renders the picture, positioned at the stage's upper left corner. */
  children: (style: CSSProperties, isZoomed: boolean) => ReactNode;
};

/** The area in which a picture or film is zoomed and panned. */
export function Stage({ size, lens, controls, onSwipe, onTap, children }: OwnProps) {
  const pixel = 1 / window.devicePixelRatio;
  const picture = size && { width: size.width * pixel, height: size.height * pixel };
  const { stage, view, zoomBy, pan, toggle, onStage, handlers } = useZoom({ picture, lens, onSwipe, onTap });
  const isZoomed = lens[0] !== null;

  useImperativeHandle(controls, () => ({ toggle: () => toggle(), zoomBy, pan }));

  const style: CSSProperties =
    view && picture
      ? {
          position: 'absolute',
          top: 0,
          left: 0,
          maxWidth: 'none',
          transformOrigin: 'top left',
          width: picture.width,
          height: picture.height,
          transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
          imageRendering: view.scale * window.devicePixelRatio > 4 ? 'pixelated' : undefined,
        }
      : { position: 'absolute', opacity: 0 };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same is on keys (Z, +, −, Shift and arrows) and buttons
    <div
      ref={stage}
      {...handlers}
      onDoubleClick={(event) => toggle(onStage(event))}
      className={join(
        'absolute inset-0 touch-none overflow-hidden select-none',
        isZoomed && 'cursor-grab active:cursor-grabbing',
      )}
    >
      {children(style, isZoomed)}
    </div>
  );
}
