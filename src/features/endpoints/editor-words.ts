import { startCost } from '#src/domain/endpoints/endpoint-test.ts';
import { counted } from '#src/domain/measures.ts';

const MAX_NAMED = 3;

const some = (names: readonly string[]): string => {
  const more = names.length - MAX_NAMED;
  return `${names.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

type Editor = {
  readonly name: string;
  readonly clashes: readonly string[];
  readonly kept: { readonly leftOut: readonly string[] } | null;
  readonly failure: { readonly sentence: string; readonly doThis: string } | null;
};

/** What an operator should know of an endpoint's editor; none = all is well. */
export function editorNotes({ name, clashes, kept, failure }: Editor): string[] {
  const notes: string[] = [];
  if (failure) {
    const rest = kept ? ' The version read before is still used.' : '';
    notes.push(`${name}: ${failure.sentence}${rest} ${failure.doThis}`);
  }
  if (clashes.length > 0)
    notes.push(
      `${name} has other versions of ${counted(clashes.length, 'node pack')} (${some(clashes)}): the page uses those of the endpoint above it.`,
    );
  if (kept && kept.leftOut.length > 0)
    notes.push(`${name}: ${counted(kept.leftOut.length, 'extension')} could not be read (${some(kept.leftOut)}).`);
  return notes;
}

/** What a refresh does, and what it may cost. */
export const refreshWords = (about: {
  readonly isWarm: boolean;
  readonly pricePerHour: number | null;
  readonly currency: string;
}): string =>
  `Reads ComfyUI’s page, its node packs and the list of nodes again. ${
    about.isWarm ? 'A GPU is warm, so usually none has to start.' : 'This may start a GPU.'
  } ${startCost(about.pricePerHour, about.currency)}`;
