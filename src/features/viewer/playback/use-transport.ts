import { useEffect, useState, useSyncExternalStore } from 'react';
import { Transport, type TransportState } from './transport.ts';

const SERVER: TransportState = new Transport().state();

export function useTransportState(transport: Transport): TransportState {
  return useSyncExternalStore(transport.subscribe, transport.state, () => SERVER);
}

/** A transport that ticks with every animation frame while playing. */
export function useTransport(): Transport {
  const [transport] = useState(() => new Transport());
  useEffect(() => {
    let frame = 0;
    const turn = (now: number): void => {
      transport.tick(now);
      frame = transport.state().playing ? requestAnimationFrame(turn) : 0;
    };
    const stop = transport.subscribe(() => {
      if (transport.state().playing && frame === 0) frame = requestAnimationFrame(turn);
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
      transport.pause();
    };
  }, [transport]);
  return transport;
}

/** The keys of a transport, for `useKeys`: those of editing software, but I is for the parameters, so in and out take Shift. */
export const transportKeys = (transport: Transport, fps: number | null): Record<string, () => void> => ({
  ' ': () => transport.toggle(),
  j: () => transport.shuttle(-1),
  k: () => transport.pause(),
  l: () => transport.shuttle(1),
  m: () => transport.setMuted(!transport.state().muted),
  'shift+l': () => transport.setLoop(!transport.state().loop),
  'shift+i': () => transport.setIn(fps),
  'shift+o': () => transport.setOut(fps),
  'shift+x': () => transport.clearRange(),
  '[': () => transport.faster(-1),
  ']': () => transport.faster(1),
  home: () => transport.seek(0),
  end: () => transport.seek(transport.state().duration),
  ...(fps !== null && {
    ',': () => transport.step(-1, fps),
    '.': () => transport.step(1, fps),
    '<': () => transport.step(-10, fps),
    '>': () => transport.step(10, fps),
  }),
});
