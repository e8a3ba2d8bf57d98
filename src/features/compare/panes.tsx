import { type Ref, useCallback, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import type { Transport } from '../viewer/playback/transport.ts';
import type { StageControls } from '../viewer/zoom/stage.tsx';
import type { LensState } from '../viewer/zoom/use-zoom.ts';
import { columnsFor } from './layout.ts';
import { LETTERS, Pane, type PaneNotes } from './pane.tsx';
import { Slider } from './slider.tsx';

const GAP = 2;
const NO_NOTES: PaneNotes = { take: null, differences: [] };

type PanesProps = {
  results: readonly ResultView[];
  notes: readonly PaneNotes[];
  lens: LensState;
  transport: Transport;
  stage: Ref<StageControls>;
  slider: { at: number; pair: readonly [number, number]; onMove: (at: number) => void } | null;
  activeId: string;
  onActive: (id: string) => void;
  onMoveToTrash: (result: ResultView) => void;
};

/** All beside each other as large as they can be, or two of them on top of each other. */
export function Panes({ results, notes, stage, slider, activeId, onActive, onMoveToTrash, ...shared }: PanesProps) {
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const measure = useCallback((element: HTMLElement | null) => {
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => entry && setRoom(entry.contentRect));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const pane = (at: number) => {
    const result = results[at];
    if (!result) return null;
    return {
      ...shared,
      result,
      letter: LETTERS[at] ?? '',
      notes: notes[at] ?? NO_NOTES,
      active: result.id === activeId,
      crowded: slider !== null || results.length > 2,
      onActive: () => onActive(result.id),
      onMoveToTrash: () => onMoveToTrash(result),
    };
  };

  if (slider) {
    const [left, right] = slider.pair.map(pane);
    if (!left || !right) return null;
    return (
      <Slider
        at={slider.at}
        onMove={slider.onMove}
        under={<Pane key={left.result.id} {...left} controls={stage} className="absolute inset-0" />}
        over={<Pane key={right.result.id} {...right} side="right" className="absolute inset-0" />}
      />
    );
  }
  const [first] = results;
  const ratio = first?.width && first.height ? first.width / first.height : 16 / 9;
  return (
    <div
      ref={measure}
      className="grid min-h-0 grow auto-rows-fr"
      style={{
        gap: GAP,
        gridTemplateColumns: `repeat(${columnsFor(results.length, ratio, room, GAP)}, minmax(0, 1fr))`,
      }}
    >
      {results.map((result, at) => {
        const props = pane(at);
        return (
          props && (
            <Pane
              key={result.id}
              {...props}
              {...(at === 0 && { controls: stage })}
              className="relative min-h-0 min-w-0 overflow-hidden"
            />
          )
        );
      })}
    </div>
  );
}
