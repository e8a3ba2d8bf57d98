import type { Bus, Signal } from '#src/ports/events.ts';

/** `send`: to the other processes. What they announce is given to `hear`. */
export function createBus(
  onFault: (error: unknown) => void,
  send: (signal: Signal) => void = () => undefined,
): Bus & { hear(signal: Signal, from: string | null): void } {
  const listeners = new Set<(signal: Signal, from: string | null) => void>();
  function hear(signal: Signal, from: string | null): void {
    for (const listener of listeners) {
      try {
        listener(signal, from);
      } catch (error) {
        onFault(error);
      }
    }
  }
  return {
    announce(signal) {
      send(signal);
      hear(signal, null);
    },
    hear,
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
