import { expect, test } from 'vitest';
import { settingsChange } from '#src/domain/settings.ts';
import { AMOUNTS, changedLimits, SWITCHES, shownAmount } from './limit-fields.ts';

const stored = {
  inFlightCap: 2,
  waitingCap: 500,
  maxAttempts: 3,
  startBudgetMs: 90_000,
  jobTimeoutMs: 1_800_001,
  spotFirst: true,
  probe: false,
};

function filled(typed: Readonly<Record<string, string | null>> = {}): FormData {
  const form = new FormData();
  for (const amount of AMOUNTS) form.set(amount.key, String(shownAmount(amount, stored)));
  for (const { key } of SWITCHES) if (stored[key]) form.set(key, 'on');
  for (const [key, text] of Object.entries(typed)) {
    if (text === null) form.delete(key);
    else form.set(key, text);
  }
  return form;
}

test('what nobody touched is not sent, though minutes are rounded for the eye', () => {
  expect(changedLimits(filled(), stored)).toEqual({});
});

test.each([
  [{ inFlightCap: '4' }, { inFlightCap: 4 }],
  [{ startBudgetMs: '0.5' }, { startBudgetMs: 30_000 }],
  [{ jobTimeoutMs: '45' }, { jobTimeoutMs: 2_700_000 }],
  [{ spotFirst: null }, { spotFirst: false }],
  [
    { probe: 'on', waitingCap: '20' },
    { probe: true, waitingCap: 20 },
  ],
])('%j', (typed, changed) => {
  expect(changedLimits(filled(typed), stored)).toEqual(changed);
});

test.each(AMOUNTS)('the server takes both ends of $key', (amount) => {
  for (const end of [amount.least, amount.most])
    expect(settingsChange.safeParse(changedLimits(filled({ [amount.key]: String(end) }), stored)).success).toBe(true);
});
