import { expect, test } from 'vitest';
import { queueStateWords } from './queue-words.ts';

test.each([
  ['running', true, false, null],
  ['paused', true, true, /paused the queue\. New jobs wait/],
  ['draining', false, false, /not accepting new jobs.* Jobs in the queue still run/],
  ['closed', false, true, /paused the queue and is not accepting new jobs/],
] as const)('%s', (_, intakeOpen, paused, words) => {
  const said = queueStateWords({ intakeOpen, paused });
  if (words === null) expect(said).toBeNull();
  else expect(said).toMatch(words);
});
