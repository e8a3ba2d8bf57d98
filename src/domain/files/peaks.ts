/** How loud a sound is over time, for a length that is not known beforehand: when the steps run out, two become one. */
export function createPeaks(count: number) {
  const most = count * 16;
  let steps: number[] = [];
  let samplesPerStep = 64;
  let loudest = 0;
  let heard = 0;

  return {
    add(sample: number): void {
      const loudness = Math.abs(sample);
      if (loudness > loudest) loudest = loudness;
      heard += 1;
      if (heard < samplesPerStep) return;
      steps.push(loudest);
      loudest = 0;
      heard = 0;
      if (steps.length < most) return;
      steps = steps.flatMap((step, index) => (index % 2 === 0 ? [Math.max(step, steps[index + 1] ?? 0)] : []));
      samplesPerStep *= 2;
    },
    /** `count` values from 0 to 100, where 1 is 100; none when nothing was heard. */
    values(): number[] {
      const all = heard > 0 ? [...steps, loudest] : steps;
      if (all.length === 0) return [];
      return Array.from({ length: count }, (_, index) => {
        const from = Math.floor((index * all.length) / count);
        const to = Math.max(from + 1, Math.floor(((index + 1) * all.length) / count));
        const peak = all.slice(from, to).reduce((a, b) => Math.max(a, b), 0);
        return Math.min(100, Math.round(Number.isFinite(peak) ? peak * 100 : 100));
      });
    },
  };
}
