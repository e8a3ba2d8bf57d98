import type { Warning } from '../warning.ts';

type Silent = { readonly nodeId: string; readonly classType: string };

const MAX_NAMED = 5;

const nameOf = ({ classType, nodeId }: Silent): string => `${classType || 'Node'} (node ${nodeId})`;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Why a job fails whose run ended well and gave nothing. */
export const nothingWrittenSentence = (silent: readonly Silent[]): string =>
  silent.length === 0
    ? 'The run ended without an error, but it produced no files.'
    : `The run ended without an error, but ${listed(silent.map(nameOf))} produced no files. A switch or a blocked branch in the workflow can be the reason.`;

/** What the owner of a completed job is told of it: nodes without a file, and files that were not complete. Bounded. */
export function runEndWarnings(
  silent: readonly Silent[],
  unfinished: readonly { readonly nodeId: string; readonly classType: string; readonly name: string }[],
): Warning[] {
  return [
    ...silent.slice(0, MAX_NAMED).map(({ nodeId, classType }) => ({
      nodeId,
      classType,
      message: `${nameOf({ nodeId, classType })} produced no files.`,
    })),
    ...unfinished.slice(0, MAX_NAMED).map(({ nodeId, classType, name }) => ({
      nodeId,
      classType,
      message: `“${name}” of ${nameOf({ nodeId, classType })} was not complete when the run ended. It may not open.`,
    })),
  ];
}
