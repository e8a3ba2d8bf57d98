import { expect, test } from 'vitest';
import { figureWords, listeningTestWords, listeningWords } from './live-progress-words.ts';

test.each([
  ['on', null, 'On.'],
  ['off', null, 'Off.'],
  ['auto', null, 'Automatic: on.'],
  ['auto', 'comfy-spot', 'Automatic: off, because this endpoint runs on Verda.'],
] as const)('%s, deployment %s', (listening, deployment, words) => {
  expect(listeningWords({ listening, deployment, url: 'https://gpu.example' })).toBe(words);
});

test('what a test may cost is said before it', () => {
  const about = { isWarm: false, pricePerHour: 4.8, currency: 'EUR', startBudgetMs: 600_000 };
  expect(listeningTestWords(about)).toBe(
    'The test sends a tiny job with live progress off, then one with it on, and waits up to about 10\u00a0min for a GPU. No job has run here recently, so this may start a GPU. The minimum billing time of ten minutes costs 0.80 EUR.',
  );
  expect(listeningTestWords({ ...about, isWarm: true, pricePerHour: null })).toContain(
    'A GPU is warm, so usually none has to start. Its price per hour is not set',
  );
});

const nothing = {
  isListening: true,
  replicasHeard: 0,
  rendering: 0,
  replicas: null,
  utilisation: null,
  classUtilisation: null,
  listened: 0,
  heard: 0,
  duplicates: { sent: 0, wastedMs: 0 },
};
test('figures are told where there are any', () => {
  expect(figureWords(nothing)).toEqual({
    replicasHeard: '0',
    rendering: null,
    classUtilisation: null,
    heard: null,
    lost: '0.0\u00a0s',
  });
  expect(
    figureWords({
      ...nothing,
      replicasHeard: 3,
      rendering: 2,
      replicas: 3,
      utilisation: 2 / 3,
      classUtilisation: 0.876,
      listened: 40,
      heard: 38,
      duplicates: { sent: 26, wastedMs: 416 },
    }),
  ).toEqual({
    replicasHeard: '3',
    rendering: '2 of 3 (67 %)',
    classUtilisation: '88 %',
    heard: '38 of 40 (95 %)',
    lost: '0.4\u00a0s',
  });
  expect(figureWords({ ...nothing, isListening: false }).replicasHeard).toBeNull();
});
