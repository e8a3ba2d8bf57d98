import { expect, test } from 'vitest';
import { settings, settingsChange } from '#src/domain/settings/settings.ts';
import { changedSettings, shownAmount, shownBounds } from './changed-settings.ts';
import { AMOUNTS, SWITCHES } from './setting-fields.ts';

const stored = {
  ...settings.parse({}),
  startBudgetMs: 90_000,
  jobTimeoutMs: 1_800_001,
  spotFirst: true,
  probe: false,
};

function filled(typed: Readonly<Record<string, string | null>> = {}): FormData {
  const form = new FormData();
  for (const amount of AMOUNTS) form.set(amount.key, String(shownAmount(amount, stored)));
  for (const { key } of SWITCHES) if (stored[key]) form.set(key, 'on');
  for (const key of ['fairness', 'bannerDetail', 'classTitle', 'currency'] as const) form.set(key, stored[key]);
  form.set('allowedExtraData', stored.allowedExtraData.join(', '));
  for (const [key, text] of Object.entries(typed)) {
    if (text === null) form.delete(key);
    else form.set(key, text);
  }
  return form;
}

test('untouched fields are not sent, although minutes are shown rounded', () => {
  expect(changedSettings(filled(), stored)).toEqual({});
});

test.each([
  [{ inFlightCap: '4' }, { inFlightCap: 4 }],
  [{ startBudgetMs: '0.5' }, { startBudgetMs: 30_000 }],
  [{ jobTimeoutMs: '45' }, { jobTimeoutMs: 2_700_000 }],
  [{ inputLimitBytes: '1' }, { inputLimitBytes: 1_000_000_000 }],
  [{ spotFirst: null }, { spotFirst: false }],
  [{ classTitle: ' Documentary 2026 ' }, { classTitle: 'Documentary 2026' }],
  [
    { fairness: 'priority', bannerDetail: 'operator' },
    { fairness: 'priority', bannerDetail: 'operator' },
  ],
  [{ fairness: 'random' }, {}],
  [{ currency: 'usd' }, { currency: 'USD' }],
  [{ allowedExtraData: ' api_key_comfy_org,  a_b ' }, { allowedExtraData: ['api_key_comfy_org', 'a_b'] }],
  [{ keepPreviewsHours: '48' }, { keepPreviewsHours: 48 }],
  [
    { probe: 'on', waitingCap: '20' },
    { probe: true, waitingCap: 20 },
  ],
])('%j', (typed, changed) => {
  expect(changedSettings(filled(typed), stored)).toEqual(changed);
});

test.each(AMOUNTS)('the form and the server agree on the bounds of $key', (amount) => {
  const { min, max } = shownBounds(amount);
  const isAccepted = (typed: number): boolean =>
    settingsChange.safeParse(changedSettings(filled({ [amount.key]: String(typed) }), stored)).success;
  expect([min, max].map(isAccepted)).toEqual([true, true]);
  expect([min * 0.9 - 1 / amount.unit, max + 1 / amount.unit].map(isAccepted)).toEqual([false, false]);
});
