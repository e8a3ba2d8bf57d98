import { expect, test } from 'vitest';
import { REASONS } from './job.ts';
import { answerWords, outcomeWords, storyOf } from './job-story.ts';

const attempt = {
  number: 1,
  endpoint: 'H200',
  sentAt: 10,
  answer: 'accepted',
  httpStatus: 200,
  answeredAt: 11,
  startedAt: 20,
  wholeAt: null,
  endedAt: 30,
  outcome: 'lost',
  detail: 'no replica knows this job',
} as const;

test('everything in the order of time, the end of the job after what led to it', () => {
  const story = storyOf({
    job: { status: 'completed', message: null, createdAt: 0, endedAt: 60 },
    owner: 'Anna',
    attempts: [
      attempt,
      {
        ...attempt,
        number: 2,
        endpoint: 'B300',
        sentAt: 40,
        answeredAt: 41,
        startedAt: 45,
        wholeAt: 55,
        endedAt: 60,
        outcome: 'completed',
        detail: null,
      },
    ],
    files: [
      { id: 'r1', name: 'shot.png', at: 58 },
      { id: 'r2', name: 'late.png', at: 70 },
    ],
    auditEvents: [{ at: 35, what: 'Teacher changed its priority.' }],
  });
  expect(story.map(({ at, what, detail }) => [at, what, detail])).toEqual([
    [0, 'Anna pressed Run.', null],
    [10, 'Attempt 1: sent to H200.', null],
    [11, 'Accepted (HTTP 200).', null],
    [20, 'First activity: rendering.', null],
    [30, 'Given up: the GPU was lost.', 'no replica knows this job'],
    [35, 'Teacher changed its priority.', null],
    [40, 'Attempt 2: sent to B300.', null],
    [41, 'Accepted (HTTP 200).', null],
    [45, 'First activity: rendering.', null],
    [55, 'The run finished; its files are on the share.', null],
    [58, 'shot.png saved.', null],
    [60, 'Done.', null],
    [70, 'late.png saved.', null],
  ]);
  expect(story.filter(({ resultId }) => resultId !== null).map(({ resultId }) => resultId)).toEqual(['r1', 'r2']);
});

test('why it failed is told at its end', () => {
  const story = storyOf({
    job: { status: 'failed', message: 'ComfyUI could not use this workflow.', createdAt: 0, endedAt: 12 },
    owner: 'Anna',
    attempts: [
      {
        ...attempt,
        answer: null,
        httpStatus: 400,
        startedAt: null,
        endedAt: 12,
        outcome: 'rejected_by_worker',
        detail: null,
      },
    ],
    files: [],
    auditEvents: [],
  });
  expect(story.slice(-3).map(({ what, detail }) => [what, detail])).toEqual([
    ['Refused (HTTP 400).', null],
    ['ComfyUI refused the workflow.', null],
    ['Failed.', 'ComfyUI could not use this workflow.'],
  ]);
});

test('a job that was cancelled ends in the words that its owner was told', () => {
  const job = {
    status: 'cancelled',
    message: 'Cancelled. It keeps running in the background.',
    createdAt: 0,
    endedAt: 12,
  } as const;
  const story = storyOf({ job, owner: 'Anna', attempts: [], files: [], auditEvents: [] });
  expect(story.at(-1)).toMatchObject({ what: 'Cancelled. It keeps running in the background.', detail: null });
});

test.each([
  [{ answer: null, httpStatus: null }, 'No response'],
  [{ answer: null, httpStatus: 400 }, 'Refused (HTTP 400)'],
  [{ answer: 'accepted', httpStatus: 200 }, 'Accepted (HTTP 200)'],
  [{ answer: 'unknown', httpStatus: 502 }, 'Unclear response (HTTP 502): the job may be running'],
  [{ answer: 'unknown', httpStatus: null }, 'Unclear response: the job may be running'],
] as const)('%j: %s', (answer, words) => expect(answerWords(answer)).toBe(words));

test('each outcome has words of its own or its own name', () => {
  const words = [null, 'completed', 'superseded', ...REASONS].map(outcomeWords);
  expect(new Set(words).size).toBe(words.length);
  expect(outcomeWords('something new')).toBe('something new');
});
