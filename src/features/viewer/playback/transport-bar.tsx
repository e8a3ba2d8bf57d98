import {
  ArrowLeftToLine,
  ArrowRightToLine,
  ChevronFirst,
  ChevronLast,
  type LucideIcon,
  Pause,
  Play,
  Repeat,
  Volume2,
  VolumeX,
  X,
} from 'lucide-react';
import type { ComponentProps } from 'react';
import { join } from '#src/ui/join.ts';
import { frameAt, frameCount, middleOf, timecode } from './timecode.ts';
import { RATES, type Transport } from './transport.ts';
import { useTransportState } from './use-transport.ts';

type TransportBarProps = { name: string; transport: Transport; fps: number | null; className?: string };

/** Play, stop, frame by frame, scrub, in and out, speed, loop and sound of one film or several at once. */
export function TransportBar({ name, transport, fps, className }: TransportBarProps) {
  const { playing, backwards, time, duration, rate, from, to, loop, muted } = useTransportState(transport);
  const frame = fps === null ? null : frameAt(time, fps);
  const last = fps === null ? null : frameCount(duration, fps) - 1;
  const now = timecode(time, fps);
  const scrub = (text: string): void => {
    transport.pause();
    const to = Number(text);
    transport.seek(fps === null ? to : middleOf(frameAt(to, fps), fps));
  };
  return (
    <fieldset
      aria-label={name}
      className={join('flex min-w-0 flex-col gap-1 bg-panel px-2 py-1.5 sm:px-3 text-text tabular-nums', className)}
    >
      <div className="relative">
        <RangeMark from={from} to={to} duration={duration} />
        <input
          type="range"
          aria-label="Position"
          aria-valuetext={now}
          min={0}
          max={duration || 1}
          step="any"
          value={Math.min(time, duration)}
          disabled={duration === 0}
          onChange={(event) => scrub(event.target.value)}
          onKeyDown={(event) => {
            const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
            if (way === undefined) return;
            // Otherwise the browser would seek by 1 %, and the page would open the next result.
            event.preventDefault();
            if (fps === null) transport.seek(time + way);
            else transport.step(way, fps);
          }}
          className="relative block h-6 w-full accent-accent pointer-coarse:h-10"
        />
      </div>
      <div className="flex flex-wrap items-center sm:gap-x-1">
        <BarButton
          icon={playing ? Pause : Play}
          label={playing ? 'Pause (Space)' : 'Play (Space)'}
          onClick={() => transport.toggle()}
        />
        {fps !== null && (
          <>
            <BarButton icon={ChevronFirst} label="One frame back (,)" onClick={() => transport.step(-1, fps)} />
            <BarButton icon={ChevronLast} label="One frame forward (.)" onClick={() => transport.step(1, fps)} />
          </>
        )}
        <p className="mr-auto flex flex-wrap gap-x-2 px-1">
          <span data-timecode>{now}</span>
          <span className="text-quiet max-sm:hidden">{timecode(duration, fps)}</span>
          {frame !== null && last !== null && (
            <span className="text-quiet max-sm:hidden">
              frame {Math.min(frame, last) + 1} of {last + 1} · {Number(fps?.toFixed(3))} fps
            </span>
          )}
          {backwards && <span className="text-accent max-sm:hidden">backwards</span>}
        </p>
        <div className="flex items-center max-sm:hidden">
          {(from !== null || to !== null) && (
            <>
              <span className="px-1 text-13 text-accent">
                {timecode(from ?? 0, fps)} – {timecode(to === null ? duration : lastMoment(to, fps), fps)}
              </span>
              <BarButton icon={X} label="Clear in and out (Shift+X)" onClick={() => transport.clearRange()} />
            </>
          )}
          <BarButton
            icon={ArrowLeftToLine}
            label="Set in (Shift+I)"
            disabled={duration === 0}
            onClick={() => transport.setIn(fps)}
          />
          <BarButton
            icon={ArrowRightToLine}
            label="Set out (Shift+O)"
            disabled={duration === 0}
            onClick={() => transport.setOut(fps)}
          />
        </div>
        <select
          aria-label="Speed"
          title="Speed ([ and ]; while it plays J and L)"
          value={rate}
          onChange={(event) => transport.setRate(Number(event.target.value))}
          className="h-8 rounded border border-edge/60 bg-panel px-1 text-13 pointer-coarse:h-10"
        >
          {RATES.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
        <BarButton
          icon={Repeat}
          label={from === null && to === null ? 'Loop (Shift+L)' : 'Loop the range (Shift+L)'}
          aria-pressed={loop}
          onClick={() => transport.setLoop(!loop)}
        />
        <BarButton
          icon={muted ? VolumeX : Volume2}
          label="Mute (M)"
          aria-pressed={muted}
          onClick={() => transport.setMuted(!muted)}
        />
      </div>
    </fieldset>
  );
}

/** The last frame of what ends at this time. */
const lastMoment = (to: number, fps: number | null): number => (fps === null ? to : Math.max(0, to - 1 / fps));

type RangeMarkProps = { from: number | null; to: number | null; duration: number };

/** What of the track is played. A browser's slider keeps half its handle, 8 px, free at both ends. */
function RangeMark({ from, to, duration }: RangeMarkProps) {
  if ((from === null && to === null) || duration === 0) return null;
  const at = (time: number): string => `calc(8px + (100% - 16px) * ${time / duration})`;
  return (
    <span
      aria-hidden
      data-range
      className="absolute inset-y-1 rounded-xs border-x-2 border-accent bg-accent/25 pointer-coarse:inset-y-2"
      style={{ left: at(from ?? 0), right: `calc(100% - ${at(to ?? duration)})` }}
    />
  );
}

function BarButton({ icon: Icon, label, ...rest }: ComponentProps<'button'> & { icon: LucideIcon; label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="inline-flex size-8 items-center justify-center rounded text-quiet hover:bg-raised hover:text-text disabled:opacity-50 aria-pressed:text-accent pointer-coarse:size-10"
      {...rest}
    >
      <Icon size={16} aria-hidden />
    </button>
  );
}
