import { expect, test } from 'vitest';
import { settings } from './settings.ts';

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
])('%j is refused', (part) => expect(settings.safeParse(part).success).toBe(false));
