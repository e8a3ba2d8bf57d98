import { rangeWords } from '#src/domain/messages/range-words.ts';

export type QueueState = {
  readonly intake: 'open' | 'paused';
  readonly dispatch: 'running' | 'paused';
  readonly waiting: number;
};

type Left = { readonly lowMs: number; readonly highMs: number } | null;

/** What remains before a break can begin: "7 on GPUs, about 4 min"; null when nothing does. */
export function leftWords(
  { dispatch, waiting }: QueueState,
  inFlight: number,
  left: { readonly onGpus: Left; readonly all: Left },
): string | null {
  const sendsOn = dispatch === 'running' && waiting > 0;
  if (inFlight === 0 && !sendsOn) return null;
  const range = sendsOn ? left.all : left.onGpus;
  const what = [inFlight > 0 && `${inFlight} on GPUs`, sendsOn && `${waiting} queued`].filter(Boolean).join(', ');
  return range === null ? what : `${what}, ${rangeWords(range)}`;
}

/** Actions on the queue. `close` pauses it and rejects new jobs too. */
export const QUEUE_STEPS = ['resume', 'pause', 'drain', 'close'] as const;
export type QueueStep = (typeof QUEUE_STEPS)[number];

/** The state of the queue: a sentence about dispatch and one about intake. */
export function queueWords({ intake, dispatch, waiting }: QueueState): { sent: string; taken: string } {
  if (dispatch === 'paused')
    return {
      sent: 'Paused: no jobs are sent to GPUs',
      taken: intake === 'open' ? 'New jobs are queued.' : 'New jobs are rejected.',
    };
  if (intake === 'paused')
    return {
      sent: waiting > 0 ? 'Draining: queued jobs run, new jobs are rejected' : 'Closed: the queue is empty',
      taken: 'New jobs are rejected.',
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
      return { name: 'Resume', does: 'Accepts new jobs and sends queued jobs to GPUs.' };
    case 'pause':
      return {
        name: 'Pause',
        does: `Sends nothing to GPUs. Queued jobs keep their place${intake === 'open' ? ' and new jobs are queued' : ''}. Jobs on GPUs keep running.`,
      };
    case 'drain':
      return { name: 'Drain', does: 'Queued jobs still run, new jobs are rejected.' };
    case 'close':
      return {
        name: 'Close queue',
        does: `${dispatch === 'running' ? 'Sends nothing to GPUs and rejects' : 'Rejects'} new jobs. Anyone who presses Run sees that you have paused the queue. Their input is kept.`,
      };
  }
}
