import type { Bus, Signal } from '#src/ports/events.ts';

export function createBus(onFault: (error: unknown) => void): Bus {
  const listeners = new Set<(signal: Signal) => void>();
  return {
    announce(signal) {
      for (const listener of listeners) {
        try {
          listener(signal);
        } catch (error) {
          onFault(error);
        }
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
