import { type DragEvent, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { Stage, type StageProps } from './stage.tsx';
import type { Size } from './zoom.ts';

type PictureProps = StageProps & { result: ResultView; onDragStart?: (event: DragEvent) => void };

/** SVG often has no size of its own. */
const UNMEASURED = 1024;

/** A picture with zoom. SVG too is only ever shown as an image, so that nothing in it can run. */
export function Picture({ result, onDragStart, ...stage }: PictureProps) {
  const [natural, setNatural] = useState<Size | null>(null);
  const [failed, setFailed] = useState(false);
  const known = result.width && result.height ? { width: result.width, height: result.height } : natural;
  if (failed)
    return (
      <p role="alert" className="absolute inset-0 flex items-center justify-center p-4">
        <span className="rounded bg-panel px-3 py-2">
          This browser cannot show this kind of picture. Download it instead.
        </span>
      </p>
    );
  return (
    <Stage size={known} {...stage}>
      {(style, isZoomed) => (
        // biome-ignore lint/performance/noImgElement: pictures are shown as they are
        <img
          src={result.url}
          alt={result.filename}
          draggable={!isZoomed}
          onDragStart={onDragStart}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setNatural({ width: naturalWidth || UNMEASURED, height: naturalHeight || UNMEASURED })
          }
          onError={() => setFailed(true)}
          style={{
            ...style,
            backgroundImage: result.thumbUrl && !natural ? `url("${result.thumbUrl}")` : undefined,
            backgroundSize: '100% 100%',
          }}
        />
      )}
    </Stage>
  );
}
