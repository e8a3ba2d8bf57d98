import { useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { notify } from '#src/ui/toasts/notify.ts';

/** Counts arrivals from the loss of live updates until everything missed has been loaded. */
function createMissed() {
  let count: number | null = null;
  return {
    wentOff(): void {
      count ??= 0;
    },
    add(arrived: number): void {
      if (count !== null) count += arrived;
    },
    report(): void {
      if (count) notify(`${counted(count, 'new result')} while you were away`);
      count = null;
    },
  };
}

export const useMissed = () => useState(createMissed)[0];
