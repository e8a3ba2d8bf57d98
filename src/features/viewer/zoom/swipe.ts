import type { Point } from './zoom.ts';

const FAR = 60;
const SLOW_MS = 600;

/** The direction of a swipe: to the left brings what comes next (1), to the right what was before (−1). */
export function swipeOf(from: Point, to: Point, ms: number): 1 | -1 | null {
  const [across, down] = [to.x - from.x, to.y - from.y];
  if (ms > SLOW_MS || Math.abs(across) < FAR || Math.abs(across) < 2 * Math.abs(down)) return null;
  return across < 0 ? 1 : -1;
}
