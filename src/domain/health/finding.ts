/** One thing that was looked at, in a sentence. `doThis` is what helps, where something does. */
export type Finding = {
  readonly level: 'ok' | 'warn' | 'fault';
  readonly what: string;
  readonly sentence: string;
  readonly doThis: string | null;
};

/** What came of one look. `silent`: no answer in time, or not asked because an earlier look had none. */
export type CheckOutcome<T> =
  | { readonly type: 'got'; readonly value: T }
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'silent' };

export const fault = (what: string, sentence: string, doThis: string): Finding => ({
  level: 'fault',
  what,
  sentence,
  doThis,
});
export const warn = (what: string, sentence: string, doThis: string): Finding => ({
  level: 'warn',
  what,
  sentence,
  doThis,
});
export const fine = (what: string, sentence: string): Finding => ({ level: 'ok', what, sentence, doThis: null });

export const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
