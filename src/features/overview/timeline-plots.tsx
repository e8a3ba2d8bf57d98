import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { counted } from '#src/domain/measures.ts';
import { useWidth } from '#src/ui/browser/use-width.ts';
import { waitWords } from './overview-words.ts';
import type { Timeline } from './use-overview.ts';

const HEIGHT = 132;

/** The current theme's value: a canvas cannot use CSS variables. */
function colour(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--color-${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

type Line = { readonly name: string; readonly colour: string; readonly values: readonly (number | null)[] };
type PlotProps = {
  name: string;
  summary: string;
  times: readonly number[];
  stepMs: number;
  lines: readonly Line[];
  shape: 'bars' | 'line' | 'steps';
  words?: (value: number) => string;
};

/** Stacked bars: each series includes those before it, so the last is drawn first. */
function stacked(lines: readonly Line[]): Line[] {
  return lines.map((line, i) => ({
    ...line,
    values: line.values.map((_, at) => lines.slice(0, i + 1).reduce((sum, { values }) => sum + (values[at] ?? 0), 0)),
  }));
}

function pathsOf(shape: PlotProps['shape']): uPlot.Series.PathBuilder | undefined {
  switch (shape) {
    case 'bars':
      return uPlot.paths.bars?.({ size: [0.7, 40], align: 1 });
    case 'steps':
      return uPlot.paths.stepped?.({ align: 1 });
    case 'line':
      return uPlot.paths.linear?.();
  }
}

function Plot({ name, summary, times, stepMs, lines, shape, words = String }: PlotProps) {
  const [measure, width] = useWidth();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const drawn = shape === 'bars' ? stacked(lines).reverse() : lines;
  const data: uPlot.AlignedData = [[...times], ...drawn.map(({ values }) => [...values])];

  const draw = useEffectEvent((target: HTMLElement): uPlot => {
    const axis = { stroke: () => colour('quiet'), font: '12px "Inter Variable"', ticks: { show: false } };
    const grid = { stroke: () => colour('line'), width: 1 };
    const paths = pathsOf(shape);
    return new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          // The last step is not over where it begins.
          x: { time: true, range: (_, first, last) => [first, last + stepMs / 1000] },
          y: { range: (_, __, most) => [0, Math.max(most, shape === 'line' ? 10_000 : 4) * 1.05] },
        },
        axes: [
          { ...axis, grid: { show: false }, values: '{HH}:{mm}', size: 28 },
          {
            ...axis,
            grid,
            size: 56,
            space: 32,
            ...(shape === 'line' ? {} : { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }),
            values: (_, values) => values.map((value) => words(value)),
          },
        ],
        series: [
          {},
          ...drawn.map(({ colour: own }) => ({
            stroke: () => colour(own),
            ...(shape !== 'line' && { fill: () => colour(own) }),
            width: shape === 'line' ? 2 : 0,
            points: { show: shape === 'line', size: 4 },
            ...(paths && { paths }),
          })),
        ],
      },
      data,
      target,
    );
  });

  useEffect(() => {
    const target = box.current;
    if (!target || width === 0) return;
    const made = draw(target);
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [width]);
  useEffect(() => {
    plot.current?.setData(data);
  });

  return (
    <figure ref={measure} className="min-w-0">
      <figcaption className="flex flex-wrap items-center gap-x-4 text-12 text-quiet">
        <span className="text-text">{name}</span>
        {lines.length > 1 &&
          lines.map((line) => (
            <span key={line.name} className="flex items-center gap-1.5">
              <span aria-hidden className="size-2 rounded-full" style={{ background: `var(--color-${line.colour})` }} />
              {line.name}
            </span>
          ))}
      </figcaption>
      <div ref={box} role="img" aria-label={`${name}: ${summary}`} style={{ height: HEIGHT }} />
    </figure>
  );
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const most = (values: readonly (number | null)[]): number => Math.max(0, ...values.map((value) => value ?? 0));

/** Timeline of the class: jobs that ended, waiting times, jobs on GPUs. */
export function TimelinePlots({ timeline }: { timeline: Timeline }) {
  const { startsAt, stepMs, completed, failed, cancelled, waitMs, inFlight } = timeline;
  const times = completed.map((_, i) => (Date.parse(startsAt) + i * stepMs) / 1000);
  return (
    <div className="flex flex-col gap-4">
      <Plot
        name={`Ended jobs per ${stepMs / 60_000} min`}
        summary={`${counted(sum(completed), 'job')} done, ${sum(failed)} failed, ${sum(cancelled)} cancelled`}
        times={times}
        stepMs={stepMs}
        shape="bars"
        lines={[
          { name: 'Done', colour: 'done', values: completed },
          { name: 'Failed', colour: 'failed', values: failed },
          { name: 'Cancelled', colour: 'edge', values: cancelled },
        ]}
      />
      <Plot
        name="Median wait"
        summary={`at most ${waitWords(most(waitMs))}`}
        times={times}
        stepMs={stepMs}
        shape="line"
        words={waitWords}
        lines={[{ name: 'Wait', colour: 'accent', values: waitMs }]}
      />
      <Plot
        name="Jobs on GPUs"
        summary={`at most ${most(inFlight)}`}
        times={times}
        stepMs={stepMs}
        shape="steps"
        lines={[{ name: 'On GPUs', colour: 'waking', values: inFlight }]}
      />
    </div>
  );
}
