import { startCost } from '#src/domain/endpoints/endpoint-test.ts';
import { type ListeningMode, listens } from '#src/domain/endpoints/listening.ts';
import { waitFor } from '#src/domain/endpoints/listening-test.ts';
import { roughly } from '#src/domain/measures.ts';

type Setting = { readonly listening: ListeningMode; readonly url: string; readonly deployment: string | null };

export function listeningWords(endpoint: Setting): string {
  switch (endpoint.listening) {
    case 'on':
      return 'On.';
    case 'off':
      return 'Off.';
    case 'auto':
      return listens(endpoint) ? 'Automatic: on.' : 'Automatic: off, because this endpoint runs on Verda.';
  }
}

/** Numbers stay with their units. */
export const unbroken = (words: string): string => words.replace(/(\d) (s|min|h)\b/g, '$1\u00a0$2');

/** What the test does, and what it may cost. */
export function listeningTestWords(about: {
  readonly isWarm: boolean;
  readonly pricePerHour: number | null;
  readonly currency: string;
  readonly startBudgetMs: number;
}): string {
  const start = about.isWarm
    ? 'A GPU is warm, so usually none has to start.'
    : 'No job has run here recently, so this may start a GPU.';
  const wait = roughly(waitFor(about.startBudgetMs, null) / 1000);
  return unbroken(
    `The test sends a tiny job with live progress off, then one with it on, and waits up to ${wait} for a GPU. ${start} ${startCost(about.pricePerHour, about.currency)}`,
  );
}

type Use = {
  readonly isListening: boolean;
  readonly replicasHeard: number;
  readonly rendering: number;
  readonly replicas: number | null;
  readonly utilisation: number | null;
  readonly classUtilisation: number | null;
  readonly listened: number;
  readonly heard: number;
  readonly duplicates: { readonly sent: number; readonly wastedMs: number };
};

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const shareWords = (part: number, whole: number, share: number | null): string =>
  share === null ? `${part} of ${whole}` : `${part} of ${whole} (${percent(share)})`;

/** The figures of one endpoint; null = not observed. */
export function figureWords(use: Use) {
  return {
    replicasHeard: use.isListening || use.replicasHeard > 0 ? String(use.replicasHeard) : null,
    rendering: use.replicas === null ? null : shareWords(use.rendering, use.replicas, use.utilisation),
    classUtilisation: use.classUtilisation === null ? null : percent(use.classUtilisation),
    lost: `${(use.duplicates.wastedMs / 1000).toFixed(1)}\u00a0s`,
    heard: use.listened === 0 ? null : shareWords(use.heard, use.listened, use.heard / use.listened),
  };
}
