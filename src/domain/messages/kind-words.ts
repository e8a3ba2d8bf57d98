import type { ResultKind } from '../file-facts.ts';

export const KIND_WORDS: Record<ResultKind, string> = {
  image: 'Picture',
  video: 'Film',
  audio: 'Sound',
  model: 'Model',
  other: 'File',
};
