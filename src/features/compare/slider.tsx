import { MoveHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';

type WipeProps = {
  /** The position of the slider, 0 to 1. */
  at: number;
  onMove: (at: number) => void;
  under: ReactNode;
  over: ReactNode;
};

const within = (at: number): number => Math.min(1, Math.max(0, at));

/** Two pictures on top of each other with a slider between them. */
export function Slider({ at, onMove, under, over }: WipeProps) {
  return (
    <div className="relative min-h-0 grow overflow-hidden">
      {under}
      <div
        className="pointer-events-none absolute inset-0 *:pointer-events-auto"
        style={{ clipPath: `inset(0 0 0 ${at * 100}%)` }}
      >
        {over}
      </div>
      <div
        role="slider"
        aria-label="Slider position"
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(at * 100)}
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) => {
          const box = event.currentTarget.parentElement?.getBoundingClientRect();
          if (event.buttons === 1 && box) onMove(within((event.clientX - box.left) / box.width));
        }}
        className="absolute inset-y-0 flex w-10 -translate-x-1/2 cursor-ew-resize touch-none items-center justify-center"
        style={{ left: `${at * 100}%` }}
      >
        <span aria-hidden className="absolute inset-y-0 w-0.5 bg-white shadow-float" />
        <span
          aria-hidden
          className="relative flex size-10 items-center justify-center rounded-full bg-black/60 text-white ring-2 ring-white"
        >
          <MoveHorizontal size={20} />
        </span>
      </div>
    </div>
  );
}
