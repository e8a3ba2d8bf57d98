export const RESULT_KINDS = ['image', 'video', 'audio', 'model', 'other'] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];

export const HOUR_MS = 3_600_000;

/** For so long what was moved to the trash can be restored; then it is deleted for good. */
export const RESTORABLE_MS = 86_400_000;

/** What a delivered file is, read from its content, never from its name. Duration in seconds. */
export type FileFacts = {
  readonly kind: ResultKind;
  readonly mime: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
  /** Of a film or a sound, as a browser wants them named: `avc1.64001f, mp4a.40.2`. */
  readonly codecs: string | null;
};
