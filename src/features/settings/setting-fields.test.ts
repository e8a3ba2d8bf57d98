import { expect, test } from 'vitest';
import { settings, settingsChange } from '#src/domain/settings.ts';
import { AMOUNTS, changedSettings, SWITCHES, settingWords, shownAmount } from './setting-fields.ts';

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
  for (const key of ['fairness', 'bannerDetail', 'currency'] as const) form.set(key, stored[key]);
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

test.each(AMOUNTS)('the server takes both ends of $key', (amount) => {
  for (const end of [amount.least, amount.most])
    expect(settingsChange.safeParse(changedSettings(filled({ [amount.key]: String(end) }), stored)).success).toBe(true);
});

test.each([
  ['jobTimeoutMs', 2_700_000, 'Job timeout: 45 min'],
  ['inFlightCap', 3, 'Jobs on GPUs per person: 3'],
  ['fairness', 'first-come', 'Queue order: First come'],
  ['probe', false, 'Check job status on workers: off'],
  ['currency', 'CHF', 'Currency: CHF'],
  ['staysWarmMs', 300_000, 'Scale-down delay: 5 min'],
  ['keepDays', null, 'Clean up after days: never'],
  ['unheardOf', 5, 'unheardOf: 5'],
])('%s', (key, value, words) => expect(settingWords(key, value)).toBe(words));
