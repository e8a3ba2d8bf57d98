import { counted } from '#src/domain/measures.ts';

/** What sending a job again cost. */
export const duplicateWords = ({ sent, wastedMs }: { readonly sent: number; readonly wastedMs: number }): string =>
  `Sent again ${counted(sent, 'time')} while a GPU may have been idle; the first to start stayed. ${
    wastedMs === 0 ? 'No GPU time was lost.' : `The others used ${(wastedMs / 1000).toFixed(1)}\u00a0s of GPU time.`
  }`;
