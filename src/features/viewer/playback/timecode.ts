/** Rounding: a time meant for the start of a frame may lie slightly before it. */
const HAIR = 1e-4;

export const frameAt = (seconds: number, fps: number): number => Math.max(0, Math.floor(seconds * fps + HAIR));

export const frameCount = (duration: number, fps: number): number => Math.max(1, Math.round(duration * fps));

/** The middle of a frame: at the boundary, browsers may show either frame. */
export const middleOf = (frame: number, fps: number): number => (frame + 0.5) / fps;

const two = (n: number): string => String(n).padStart(2, '0');

/** `00:01:07:12`: hours, minutes, seconds, frames, none dropped; without a frame rate tenths: `1:07.5`. */
export function timecode(seconds: number, fps: number | null): string {
  const frame = frameAt(seconds, fps ?? 10);
  const perSecond = Math.max(1, Math.round(fps ?? 10));
  const whole = Math.floor(frame / perSecond);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = frame % perSecond;
  if (fps !== null) return [hours, minutes, whole % 60, rest].map(two).join(':');
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}.${rest}`;
}

/** 24, 23.976, 12.5: a measured rate as it was most likely meant. */
export function tidyRate(measured: number): number {
  for (const exact of [Math.round(measured), (Math.round(measured) * 1000) / 1001, Math.round(measured * 2) / 2])
    if (exact > 0 && Math.abs(measured - exact) / exact < 0.0005) return exact;
  return measured;
}
