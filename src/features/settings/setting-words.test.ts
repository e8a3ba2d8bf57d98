import { expect, test } from 'vitest';
import { settingWords } from './setting-words.ts';

test.each([
  ['jobTimeoutMs', 2_700_000, 'Job timeout: 45 min'],
  ['inFlightCap', 3, 'Jobs on GPUs per person: 3'],
  ['fairness', 'first-come', 'Queue order: First come'],
  ['probe', false, 'Check job status on workers: off'],
  ['currency', 'CHF', 'Currency: CHF'],
  ['classTitle', 'Documentary', 'Class name: Documentary'],
  ['classTitle', '', 'Class name: none'],
  ['staysWarmMs', 300_000, 'Scale-down delay: 5 min'],
  ['keepDays', null, 'Clean up after days: never'],
  ['unheardOf', 5, 'unheardOf: 5'],
])('%s', (key, value, words) => expect(settingWords(key, value)).toBe(words));
