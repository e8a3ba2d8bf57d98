import type { WallView } from '#src/api/views.ts';

export const KIND_WORDS: Record<WallView['kind'], string> = {
  image: 'Picture',
  video: 'Film',
  audio: 'Sound',
  model: 'Model',
  other: 'File',
};

/** For screen readers. */
export const wallWords = ({ kind, name, mine }: WallView): string => {
  const maker = mine ? 'you' : name;
  return maker === null ? KIND_WORDS[kind] : `${KIND_WORDS[kind]} by ${maker}`;
};
