import { expect, test } from 'vitest';
import { lineWords } from './line-note.tsx';

const open = { paused: false, intakeOpen: true, waiting: 0 };

test.each([
  [open, 'Nobody is in line.'],
  [{ ...open, waiting: 1 }, 'In line just now: 1 job.'],
  [{ ...open, waiting: 12 }, 'In line just now: 12 jobs.'],
  [{ ...open, paused: true }, 'The teacher has paused the queue. What you run now waits in line until it goes on.'],
  [
    { paused: true, intakeOpen: false, waiting: 2 },
    'The teacher takes no new jobs just now. What you type here is kept.',
  ],
])('%j', (line, words) => {
  expect(lineWords(line)).toBe(words);
});
