/** What workflows load. */
export const INPUT_KINDS = ['image', 'video', 'audio'] as const;
export type InputKind = (typeof INPUT_KINDS)[number];
