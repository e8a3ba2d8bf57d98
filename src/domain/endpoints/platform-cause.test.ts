import { describe, expect, test } from 'vitest';
import { LOG_SLACK_MS, type LogLine, type Loss, probableCause, replicaOf, type SystemLine } from './platform-cause.ts';

const SENT = 1_000_000;
const lost: Loss = { outcome: 'lost', sentAt: SENT, startedAt: SENT + 60_000, endedAt: SENT + 300_000 };
const never: Loss = { outcome: 'never_started', sentAt: SENT, startedAt: null, endedAt: SENT + 600_000 };

const line = (second: number, message: string, replica = 'flux-6f9c8b7d5-x2abc'): LogLine => ({
  at: SENT + second * 1000,
  replica,
  message,
});
const event = (second: number, reason: string, message = '', object = 'flux'): SystemLine => ({
  at: SENT + second * 1000,
  reason,
  message,
  object,
});
const OOM = 'torch.OutOfMemoryError: Allocation on device would exceed allowed memory.';

describe('what probably became of an attempt', () => {
  test.each<[string, Loss, { replica?: string; lines?: LogLine[]; system?: SystemLine[] }, string | null]>([
    ['nothing was written', lost, {}, null],
    ['an exception while it ran', lost, { lines: [line(100, OOM)] }, OOM],
    ['one without words', lost, { lines: [line(100, 'KeyboardInterruptError')] }, 'KeyboardInterruptError'],
    ['one before it began', lost, { lines: [line(30, OOM)] }, null],
    ['one from before an attempt of which no life was seen', never, { lines: [line(-1, OOM)] }, null],
    ['one long after', lost, { lines: [line(300 + LOG_SLACK_MS / 1000 + 1, OOM)] }, null],
    ['one as it ended', lost, { lines: [line(300 + LOG_SLACK_MS / 1000, OOM)] }, OOM],
    ['the last of several', lost, { lines: [line(200, OOM), line(100, 'ValueError: first')] }, OOM],
    ['what only speaks of errors', lost, { lines: [line(100, 'no Error: all nodes are fine')] }, null],
    ['another replica’s', lost, { replica: 'flux-6f9c8b7d5-other', lines: [line(100, OOM)] }, null],
    ['its own replica’s', lost, { replica: 'x2abc', lines: [line(100, OOM)] }, OOM],
    ['no GPU was to be had', never, { system: [event(5, 'SchedulingFailed', 'no H200')] }, 'SchedulingFailed: no H200'],
    [
      'that, rather than an exception',
      never,
      { lines: [line(9, OOM)], system: [event(5, 'SchedulingFailed')] },
      'SchedulingFailed',
    ],
    [
      'an exception, rather than what the platform did after',
      lost,
      { lines: [line(99, OOM)], system: [event(101, 'BackOff')] },
      OOM,
    ],
    [
      'the platform took it away',
      lost,
      { system: [event(100, 'Preempted', 'spot  capacity\nreclaimed')] },
      'Preempted: spot capacity reclaimed',
    ],
    ['what the platform does every day', lost, { system: [event(100, 'Pulled'), event(101, 'Started')] }, null],
    [
      'what the platform did to another replica',
      lost,
      { replica: 'flux-6f9c8b7d5-x2abc', system: [event(100, 'Killing', '', 'flux-6f9c8b7d5-other')] },
      null,
    ],
    [
      'what it did to the deployment',
      lost,
      { replica: 'flux-6f9c8b7d5-x2abc', system: [event(100, 'Killing', '', 'flux')] },
      'Killing',
    ],
  ])('%s', (_, loss, { replica = null, lines = [], system = [] }, cause) =>
    expect(probableCause(loss, { replica, lines, system })).toBe(cause),
  );

  test('is told shortly', () => {
    const words = probableCause(lost, {
      replica: null,
      lines: [line(99, `ValueError: ${'x'.repeat(999)}`)],
      system: [],
    });
    expect(words).toHaveLength(300);
  });
});

test.each<[string, LogLine[], string | null]>([
  ['nobody’s', [line(1, 'got prompt')], null],
  ['one’s', [line(1, 'running att-1'), line(2, 'att-1 again')], 'flux-6f9c8b7d5-x2abc'],
  ['two’s', [line(1, 'att-1'), line(2, 'att-1', 'flux-6f9c8b7d5-other')], null],
])('an attempt that is in %s log', (_, lines, replica) => expect(replicaOf('att-1', lines)).toBe(replica));
