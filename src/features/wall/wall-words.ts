import type { WallView } from '#src/api/views.ts';
import { KIND_WORDS } from '#src/domain/messages/kind-words.ts';

/** For screen readers. */
export const wallWords = ({ kind, name, mine }: WallView): string => {
  const maker = mine ? 'you' : name;
  return maker === null ? KIND_WORDS[kind] : `${KIND_WORDS[kind]} by ${maker}`;
};
