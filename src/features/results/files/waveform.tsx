import { join } from '#src/ui/join.ts';
import { usePeaks } from './use-peaks.ts';

type WaveformProps = { url: string; className: string };

/** The waveform of a sound; empty where it is unknown. */
export function Waveform({ url, className }: WaveformProps) {
  const peaks = usePeaks(url) ?? [];
  const path = peaks.map((peak, x) => `M${x + 0.5} ${50 - peak / 2}V${50.5 + peak / 2}`).join('');
  return (
    <svg
      viewBox={`0 0 ${peaks.length || 1} 100`}
      preserveAspectRatio="none"
      aria-hidden
      className={join('w-full shrink-0', className)}
    >
      <path d={path} stroke="currentColor" strokeWidth={0.7} fill="none" />
    </svg>
  );
}
