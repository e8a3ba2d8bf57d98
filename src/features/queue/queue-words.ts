import { rangeWords } from '#src/domain/range-words.ts';

export type QueueState = {
  readonly intake: 'open' | 'paused';
  readonly dispatch: 'running' | 'paused';
  readonly waiting: number;
};

type Left = { readonly lowMs: number; readonly highMs: number } | null;

/** What is left until a break can begin: "7 on GPUs, about 4 min"; null when nothing is. */
export function leftWords(
  { dispatch, waiting }: QueueState,
  inFlight: number,
  left: { readonly onGpus: Left; readonly all: Left },
): string | null {
  const sendsOn = dispatch === 'running' && waiting > 0;
  if (inFlight === 0 && !sendsOn) return null;
  const range = sendsOn ? left.all : left.onGpus;
  const what = [inFlight > 0 && `${inFlight} on GPUs`, sendsOn && `${waiting} in line`].filter(Boolean).join(', ');
  return range === null ? what : `${what}, ${rangeWords(range)}`;
}

/** What can be done with the queue. `close` is to pause it and turn new jobs away as well. */
export const QUEUE_STEPS = ['resume', 'pause', 'close', 'drain'] as const;
export type QueueStep = (typeof QUEUE_STEPS)[number];

/** The state of the queue, a sentence each for what is sent and what is taken. */
export function queueWords({ intake, dispatch, waiting }: QueueState): { sent: string; taken: string } {
  if (dispatch === 'paused')
    return {
      sent: 'Paused: nothing is sent to GPUs',
      taken: intake === 'open' ? 'New jobs are taken, and wait.' : 'New jobs are turned away.',
    };
  if (intake === 'paused')
    return {
      sent: waiting > 0 ? 'Taking no new jobs; sending what waits' : 'Taking no new jobs; the line is empty',
      taken: 'New jobs are turned away.',
    };
  return { sent: 'Sending jobs to GPUs', taken: '' };
}

/** The steps that would change something. */
export function possibleSteps({ intake, dispatch }: QueueState): QueueStep[] {
  const possible: Record<QueueStep, boolean> = {
    resume: intake === 'paused' || dispatch === 'paused',
    pause: dispatch === 'running',
    close: intake === 'open',
    drain: intake === 'open' || dispatch === 'paused',
  };
  return QUEUE_STEPS.filter((step) => possible[step]);
}

/** The name of a step, and what it does. */
export function stepWords(step: QueueStep, { intake, dispatch }: QueueState): { name: string; does: string } {
  switch (step) {
    case 'resume':
      return { name: 'Resume the queue', does: 'Takes new jobs and sends what waits.' };
    case 'pause':
      return {
        name: 'Pause the queue',
        does:
          intake === 'open'
            ? 'What waits keeps its place, and new jobs join it. What is on GPUs goes on.'
            : 'What waits keeps its place. What is on GPUs goes on.',
      };
    case 'close':
      return {
        name: dispatch === 'running' ? 'Pause and take no new jobs' : 'Take no new jobs',
        does: 'Whoever presses Run is told that you have paused the queue; what she typed is kept.',
      };
    case 'drain':
      return { name: 'Drain the queue', does: 'What waits is still sent, nothing new is taken: the line runs empty.' };
  }
}
