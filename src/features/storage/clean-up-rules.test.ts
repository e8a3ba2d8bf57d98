import { expect, test } from 'vitest';
import { settingsChange } from '#src/domain/settings/settings.ts';
import { type CleanUpRules, gigabytes, rulesOf } from './clean-up-rules.ts';

test.each<[Record<string, string>, CleanUpRules]>([
  [
    { days: '', most: ' ' },
    { keepDays: null, keepBytesPerParticipant: null, cleanUpDaily: false },
  ],
  [
    { days: '30', most: '2.5', daily: 'on' },
    { keepDays: 30, keepBytesPerParticipant: 2_500_000_000, cleanUpDaily: true },
  ],
  [
    { days: '1', most: '0.001' },
    { keepDays: 1, keepBytesPerParticipant: 1_000_000, cleanUpDaily: false },
  ],
])('%j', (typed, rules) => {
  const form = new FormData();
  for (const [key, text] of Object.entries(typed)) form.set(key, text);
  expect(rulesOf(form)).toEqual(rules);
  expect(settingsChange.parse(rules)).toEqual(rules);
  if (rules.keepBytesPerParticipant !== null) expect(gigabytes(rules.keepBytesPerParticipant)).toBe(Number(typed.most));
});
