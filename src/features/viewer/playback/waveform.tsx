type WaveformProps = {
  peaks: readonly number[] | null;
  /** How much of it has been played, 0 to 1. */
  share: number;
  words: string;
  onSeek: (share: number) => void;
};

const STEP = 0.02;

/** Loudness over time. A press goes to that moment. */
export function Waveform({ peaks, share, words, onSeek }: WaveformProps) {
  const at = (event: { clientX: number; currentTarget: Element }): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const path = (peaks ?? []).map((peak, x) => `M${x + 0.5} ${50 - peak / 2}V${50 + Math.max(0.5, peak / 2)}`).join('');
  const width = peaks?.length || 1;
  return (
    <div
      role="slider"
      aria-label="Waveform"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={words}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onSeek(at(event));
      }}
      onPointerMove={(event) => event.buttons === 1 && onSeek(at(event))}
      onKeyDown={(event) => {
        const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
        if (way === undefined) return;
        event.preventDefault();
        onSeek(Math.min(1, Math.max(0, share + way * STEP)));
      }}
      className="relative h-32 w-full cursor-pointer touch-none overflow-hidden rounded bg-raised"
    >
      <svg viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" aria-hidden className="absolute inset-0 size-full">
        <path d={path} className="stroke-quiet" strokeWidth={0.8} fill="none" />
        <path
          d={path}
          className="stroke-accent"
          strokeWidth={0.8}
          fill="none"
          style={{ clipPath: `inset(0 ${(1 - share) * 100}% 0 0)` }}
        />
      </svg>
      <span className="absolute inset-y-0 w-px bg-text" style={{ left: `${share * 100}%` }} />
      {peaks === null && <span className="absolute inset-x-0 top-1/2 h-px bg-edge" />}
    </div>
  );
}
