/** An attempt that failed, and nobody knows why. Times are epoch ms. */
export type Loss = {
  readonly outcome: 'lost' | 'never_started';
  readonly sentAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number;
};

/** What a container wrote. */
export type LogLine = { readonly at: number; readonly replica: string; readonly message: string };
/** What the platform says that it did. */
export type SystemLine = {
  readonly at: number;
  readonly reason: string;
  readonly message: string;
  readonly object: string;
};

/** Logs reach the platform's store a little late, and its clocks are not ours. */
export const LOG_SLACK_MS = 30_000;
const MAX_WORDS = 300;

/** The last line of a Python traceback: a class, and what it says. */
const EXCEPTION = /^\s*((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Exit))(?::\s*(.*))?$/;
const TROUBLE = /fail|evict|preempt|kill|oom|error|back-?off|unhealthy|lost|terminat/i;

/** A replica's id is the end of the name that logs give it: `x2abc` and `my-deployment-6f9c8b7d5-x2abc`. */
const isSame = (a: string, b: string): boolean => a === b || a.endsWith(`-${b}`) || b.endsWith(`-${a}`);

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS - 1)}…` : line;
};

const last = <Line extends { readonly at: number }>(lines: readonly Line[]): Line | undefined =>
  lines.reduce<Line | undefined>(
    (newest, line) => (newest === undefined || line.at >= newest.at ? line : newest),
    undefined,
  );

/** The replica whose log names the attempt; null when none does, or more than one. */
export function replicaOf(attemptId: string, lines: readonly LogLine[]): string | null {
  const replicas = new Set(lines.filter(({ message }) => message.includes(attemptId)).map(({ replica }) => replica));
  const [only] = replicas;
  return replicas.size === 1 && only !== undefined && only !== '' ? only : null;
}

/**
 * What most likely became of it, by time and, where it is known, by replica; null when nothing fits. A guess: several replicas may have written at that
 * time, and only the share tells whether a job succeeded.
 */
export function probableCause(
  loss: Loss,
  {
    replica,
    lines,
    system,
  }: { readonly replica: string | null; readonly lines: readonly LogLine[]; readonly system: readonly SystemLine[] },
): string | null {
  const until = loss.endedAt + LOG_SLACK_MS;
  const isIn = (from: number) => (line: { readonly at: number }) => line.at >= from && line.at <= until;

  const exceptions = lines
    .filter(isIn(loss.startedAt ?? loss.sentAt))
    .filter((line) => replica === null || isSame(line.replica, replica))
    .flatMap((line) => {
      const [, name, words = ''] = EXCEPTION.exec(line.message) ?? [];
      return name === undefined ? [] : [{ at: line.at, words: oneLine(words === '' ? name : `${name}: ${words}`) }];
    });
  const events = system
    .filter(isIn(loss.sentAt - LOG_SLACK_MS))
    .filter(({ reason, message }) => TROUBLE.test(reason) || (reason === '' && TROUBLE.test(message)))
    .filter(({ object }) => replica === null || isSame(object, replica) || replica.startsWith(object))
    .map(({ at, reason, message }) => ({ at, words: oneLine([reason, message].filter(Boolean).join(': ')) }));

  const exception = last(exceptions);
  const event = last(events);
  // No GPU at all is the usual reason why nothing began; a program that fell over is why it ended in the middle.
  const cause = loss.outcome === 'never_started' ? (event ?? exception) : (exception ?? event);
  return cause?.words ?? null;
}
