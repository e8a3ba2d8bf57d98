import { expect, test } from 'vitest';
import { completeChange, settings, settingsChange } from './settings.ts';

test('nothing set gives a class that runs', () => {
  expect(settings.parse({})).toMatchObject({
    intakePaused: false,
    dispatchPaused: false,
    inFlightCap: 2,
    maxAttempts: 3,
  });
});

test.each([
  { inFlightCap: 0 },
  { inFlightCap: 1.5 },
  { waitingCap: 0 },
  { maxAttempts: 0 },
  { maxAttempts: 11 },
  { startBudgetMs: 999 },
  { jobTimeoutMs: 0 },
  { dispatchPaused: 'yes' },
  { fairness: 'random' },
  { currency: 'euro' },
  { keepLogsDays: 0 },
])('%j is refused', (part) => expect(settings.safeParse(part).success).toBe(false));

test('what operators change never says who paused; pausing and going on by hand does', () => {
  expect(settingsChange.parse({ pausedForEyes: true, probe: false })).toEqual({ probe: false });
  expect(completeChange({ dispatchPaused: true })).toEqual({ dispatchPaused: true, pausedForEyes: false });
  expect(completeChange({ dispatchPaused: true, pausedForEyes: true })).toEqual({
    dispatchPaused: true,
    pausedForEyes: true,
  });
  expect(completeChange({ probe: false })).toEqual({ probe: false });
});
