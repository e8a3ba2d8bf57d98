import { type Ref, useImperativeHandle, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { useZoom } from './use-zoom.ts';
import type { Size } from './zoom.ts';

export type StageControls = { readonly toggle: () => void; readonly zoomBy: (factor: number) => void };

type PictureStageProps = { result: ResultView; controls: Ref<StageControls> };

/** A picture to look at closely. SVG too is only ever shown as an image, so that nothing in it can run. */
export function PictureStage({ result, controls }: PictureStageProps) {
  const [natural, setNatural] = useState<Size | null>(null);
  const [failed, setFailed] = useState(false);
  const known = result.width && result.height ? { width: result.width, height: result.height } : natural;
  const pixel = 1 / window.devicePixelRatio;
  const picture = known && { width: known.width * pixel, height: known.height * pixel };
  const { stage, view, isZoomed, zoomBy, toggle, onStage, handlers } = useZoom(picture);

  useImperativeHandle(controls, () => ({ toggle: () => toggle(), zoomBy }));

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same is on keys (Z, + and −) and buttons
    <div
      ref={stage}
      {...handlers}
      onDoubleClick={(event) => toggle(onStage(event))}
      className={join(
        'absolute inset-0 touch-none overflow-hidden select-none',
        isZoomed && 'cursor-grab active:cursor-grabbing',
      )}
    >
      {failed ? (
        <p role="alert" className="flex size-full items-center justify-center">
          <span className="rounded bg-panel px-3 py-2">
            This picture cannot be shown here. It can still be downloaded.
          </span>
        </p>
      ) : (
        // biome-ignore lint/performance/noImgElement: pictures are shown as they are
        <img
          src={result.url}
          alt={result.filename}
          draggable={false}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setNatural({ width: naturalWidth || 1024, height: naturalHeight || 1024 })
          }
          onError={() => setFailed(true)}
          style={
            view && picture
              ? {
                  width: picture.width,
                  height: picture.height,
                  transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
                  backgroundImage: result.thumbUrl && !natural ? `url("${result.thumbUrl}")` : undefined,
                  imageRendering: view.scale * window.devicePixelRatio > 4 ? 'pixelated' : undefined,
                }
              : { opacity: 0 }
          }
          className="absolute top-0 left-0 max-w-none origin-top-left bg-size-[100%_100%]"
        />
      )}
    </div>
  );
}
