import { Box } from 'lucide-react';
import { type PointerEvent, type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { counted, fileSize } from '#src/domain/measures.ts';
import type { StageControls } from '../zoom/stage.tsx';
import { FileCard } from './file-card.tsx';
import type { ModelScene } from './model-scene.ts';

type ModelProps = { result: ResultView; controls: Ref<StageControls> | undefined };

const TURN = Math.PI / 24;
/** Radians per dragged pixel. */
const DRAG = 0.008;

/** A 3D model that can be turned. Its library is only loaded here. */
export function Model({ result, controls }: ModelProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scene, setScene] = useState<ModelScene | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const stop = new AbortController();
    let made: ModelScene | null = null;
    async function show(): Promise<void> {
      const { createModelScene } = await import('./model-scene.ts');
      if (!canvas.current || stop.signal.aborted) return;
      made = await createModelScene(canvas.current, result.url, stop.signal);
      if (stop.signal.aborted) made.dispose();
      else setScene(made);
    }
    // Whatever fails, model or graphics card, the file can be downloaded.
    show().catch(() => !stop.signal.aborted && setFailed(true));
    return () => {
      stop.abort();
      made?.dispose();
      setScene(null);
    };
  }, [result.url]);

  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (!scene || !element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) scene.resize(entry.contentRect.width, entry.contentRect.height);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scene]);

  const wheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    scene?.zoomBy(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)));
  });
  useEffect(() => {
    const element = canvas.current;
    const onWheel = (event: WheelEvent) => wheel(event);
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);

  useImperativeHandle(controls, () => ({
    toggle: () => scene?.reset(),
    zoomBy: (factor) => scene?.zoomBy(factor),
    pan: (x, y) => scene?.turn(x * DRAG, y * DRAG),
  }));

  if (failed)
    return (
      <FileCard
        result={result}
        icon={Box}
        note="This model cannot be shown here: it uses a feature this browser does not support."
      />
    );
  return (
    <>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`${result.filename}. Arrow keys turn it, plus and minus zoom.`}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event: PointerEvent) => {
          if (event.buttons === 1) scene?.turn(event.movementX * DRAG, event.movementY * DRAG);
        }}
        onDoubleClick={() => scene?.reset()}
        onKeyDown={(event) => {
          const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
          if (!way || !scene) return;
          event.preventDefault();
          scene.turn((way[0] ?? 0) * TURN, (way[1] ?? 0) * TURN);
        }}
        className="absolute inset-0 size-full cursor-grab touch-none -outline-offset-2 active:cursor-grabbing"
      />
      <p role="status" className="absolute top-14 left-2 rounded bg-black/60 px-2 py-1 text-12 text-white tabular-nums">
        {scene
          ? `${counted(scene.triangles, 'triangle')}. Drag to turn.`
          : `Loading the model (${fileSize(result.bytes)})`}
      </p>
    </>
  );
}
