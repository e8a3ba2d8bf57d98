import { expect, test } from 'vitest';
import { queueWords } from './queue-note.tsx';

const open = { paused: false, intakeOpen: true, waiting: 0 };

test.each([
  [open, 'The queue is empty.'],
  [{ ...open, waiting: 1 }, '1 job in the queue.'],
  [{ ...open, waiting: 12 }, '12 jobs in the queue.'],
  [{ ...open, paused: true }, 'The teacher has paused the queue. New jobs wait until it resumes.'],
  [
    { ...open, intakeOpen: false, waiting: 2 },
    'The teacher is not accepting new jobs now. Jobs in the queue still run. Your input here is kept.',
  ],
])('%j', (queue, words) => {
  expect(queueWords(queue)).toBe(words);
});
